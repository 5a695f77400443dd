import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Label, Select, SelectValue } from 'react-aria-components/Select';
import { Text } from 'react-aria-components/Text';
import { Input, TextField } from 'react-aria-components/TextField';
import type { DesignSetting } from '../../worker/design-setting.ts';
import { SCHEMA } from './scenario-language.ts';
import { helpAt, valuesAt } from './schema-help.ts';
import { settingEdit, type TextEdit, writtenAt } from './text-edits.ts';

/** The settings that a lesson changes most, by what they are about. */
const GROUPS: readonly { readonly name: string; readonly paths: readonly string[] }[] = [
  { name: 'Run', paths: ['workload.users', 'duration', 'seed'] },
  {
    name: 'Connections',
    paths: ['design.protocol', 'design.gateway.balancing', 'design.gateway.acceptsPerSecond'],
  },
  {
    name: 'Servers',
    paths: ['design.servers.count', 'design.servers.maxConnections', 'design.servers.state'],
  },
  { name: 'Messages', paths: ['design.pubsub.kind', 'design.pubsub.shards', 'design.flow'] },
  { name: 'Promises', paths: ['design.ordering', 'design.delivery', 'design.retry.backoff'] },
  {
    name: 'Rate limit',
    paths: [
      'design.rateLimit.algorithm',
      'design.rateLimit.limit',
      'design.rateLimit.window',
      'design.rateLimit.placement',
    ],
  },
  { name: 'Presence', paths: ['design.presence.strategy'] },
  {
    name: 'Reconnecting',
    paths: [
      'design.reconnect.backoff',
      'design.reconnect.base',
      'design.reconnect.cap',
      'design.reconnect.resume',
    ],
  },
];

/** All of them. */
export const SETTING_PATHS: readonly string[] = GROUPS.flatMap(({ paths }) => paths);

/** The orders of the steps that a lesson compares; any other can be written in the text. */
const FLOWS: readonly string[] = [
  '[validate, persist, publish, ack]',
  '[validate, persist, ack, publish]',
  '[validate, ack, persist, publish]',
  '[validate, publish, persist, ack]',
];

interface Props {
  readonly text: string;
  /** Null while the text cannot be run. */
  readonly design: readonly DesignSetting[] | null;
  readonly onEdit: (edit: TextEdit) => void;
}

/** The most used settings as a form. What it changes is changed in the text, and nothing else is. */
export function SettingsForm({ text, design, onEdit }: Props) {
  const set = (path: string, value: string): void => {
    const edit = settingEdit(text, path.split('.'), value);
    if (edit !== null) onEdit(edit);
  };
  return (
    <div className="settings">
      {GROUPS.map(({ name, paths }) => (
        <fieldset key={name}>
          <legend>{name}</legend>
          {paths.map((path) => (
            <Setting
              key={path}
              path={path}
              written={safely(text, path)}
              onSet={(value) => set(path, value)}
            />
          ))}
        </fieldset>
      ))}
      {design !== null && <AllSettings design={design} />}
    </div>
  );
}

/** A text that is being typed may be no YAML at all. */
export function safely(text: string, path: string): string | null {
  try {
    return writtenAt(text, path.split('.'));
  } catch {
    return null;
  }
}

interface SettingProps {
  readonly path: string;
  /** As it stands in the text, or null: then the standard holds. */
  readonly written: string | null;
  readonly onSet: (value: string) => void;
}

export function Setting({ path, written, onSet }: SettingProps) {
  const steps = path.split('.');
  const help = helpAt(SCHEMA, steps)?.text ?? '';
  const [, standard = '', assumed = ''] = / Default: (.*?)( \(assumption\))?\.$/.exec(help) ?? [];
  const words = path === 'design.flow' ? FLOWS : valuesAt(SCHEMA, steps).map(({ word }) => word);
  const label = steps.at(-1) ?? path;
  const about = help.replace(/ Default: .*$/, '');
  if (words.length === 0)
    return (
      <Typed label={label} about={about} standard={`${standard}${assumed}`} written={written} onSet={onSet} />
    );
  const standardWord = words.find((word) => word.replace(/[[\]]/g, '') === standard.replace(/[[\]]/g, ''));
  const value = written ?? standardWord ?? null;
  const choices = written !== null && !words.includes(written) ? [written, ...words] : words;
  return (
    <Select
      className="setting"
      value={value}
      placeholder={standard === '' ? 'not set' : `${standard}${assumed}`}
      onChange={(key) => onSet(String(key))}
      data-written={written !== null || undefined}
    >
      <Label>{label}</Label>
      <Button className="select-button">
        <SelectValue />
      </Button>
      <Text slot="description" className="quiet">
        {about}
      </Text>
      <Popover className="popover">
        <ListBox className="menu">
          {choices.map((word) => (
            <ListBoxItem key={word} id={word} textValue={word}>
              {word}
              {word === standardWord && <span className="quiet"> standard{assumed}</span>}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

interface TypedProps {
  readonly label: string;
  readonly about: string;
  readonly standard: string;
  readonly written: string | null;
  readonly onSet: (value: string) => void;
}

/** A number or a duration: it goes into the text with Enter, or when the field is left. */
function Typed({ label, about, standard, written, onSet }: TypedProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const commit = (): void => {
    if (typed !== null && typed.trim() !== '' && typed.trim() !== written) onSet(typed.trim());
    setTyped(null);
  };
  return (
    <TextField
      className="setting"
      value={typed ?? written ?? ''}
      onChange={setTyped}
      onBlur={commit}
      data-written={written !== null || undefined}
    >
      <Label>{label}</Label>
      <Input
        placeholder={standard === '' ? '' : `standard: ${standard}`}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      <Text slot="description" className="quiet">
        {about}
      </Text>
    </TextField>
  );
}

/** Every setting with what it is here and what it would be if the scenario did not say. */
function AllSettings({ design }: { readonly design: readonly DesignSetting[] }) {
  const changed = design.filter((setting) => setting.changed);
  return (
    <details className="all-settings">
      <summary>
        All {design.length} settings of the design, {changed.length} of them changed
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">setting</th>
            <th scope="col">here</th>
            <th scope="col">standard</th>
          </tr>
        </thead>
        <tbody>
          {design.map((setting) => (
            <tr key={setting.path} data-changed={setting.changed || undefined}>
              <th scope="row">{setting.path}</th>
              <td>{setting.value}</td>
              <td className="quiet">
                {setting.changed ? setting.standard : 'the same'}
                {setting.isAssumption && ' (assumption)'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
