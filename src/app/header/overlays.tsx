import { lazy, Suspense } from 'react';
import { useValue } from '../../views/store/value.ts';
import { overlay } from '../commands.ts';
import { linkTrouble } from '../open-scenario.ts';

const ScenarioList = lazy(async () => ({ default: (await import('./scenario-list.tsx')).ScenarioList }));
const KeyList = lazy(async () => ({ default: (await import('./dialogs.tsx')).KeyList }));
const ShareDialog = lazy(async () => ({ default: (await import('./dialogs.tsx')).ShareDialog }));
const SettingDialog = lazy(async () => ({
  default: (await import('../compare/setting-dialog.tsx')).SettingDialog,
}));
const LinkTroubleDialog = lazy(async () => ({ default: (await import('./dialogs.tsx')).LinkTroubleDialog }));

/** What is open over the page; loaded when it is opened. */
export function Overlays() {
  const open = useValue(overlay);
  const trouble = useValue(linkTrouble);
  return (
    <Suspense fallback={null}>
      {open === 'scenarios' && <ScenarioList />}
      {open === 'keys' && <KeyList />}
      {open === 'share' && <ShareDialog />}
      {open === 'compare' && <SettingDialog />}
      {trouble !== null && <LinkTroubleDialog />}
    </Suspense>
  );
}
