import { useSelector } from '@xstate/react';
import { createContext, useContext } from 'react';
import type { Summary } from '../views/store/stage-store.ts';
import { usePicked } from '../views/store/value.ts';
import type { Lab } from './lab.ts';
import type { PlayerState } from './player.machine.ts';

const LabContext = createContext<Lab | null>(null);
export const LabProvider = LabContext.Provider;

export function useLab(): Lab {
  const lab = useContext(LabContext);
  if (lab === null) throw new Error('defect: a component stands outside the lab');
  return lab;
}

export function usePlayerState(): PlayerState {
  return useSelector(useLab().player, (snapshot) => snapshot.value as PlayerState);
}

/** Renders again when what is picked from the summary changes: pick a primitive or an object that the store keeps. */
export function useSummary<P>(pick: (summary: Summary) => P): P {
  return usePicked(useLab().store.summary, pick);
}
