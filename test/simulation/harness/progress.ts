/** The state of a run that its parts share. */
export interface Progress {
  /** True when nothing is started any more. */
  isOver: boolean;
  /** True while the database is replaced by a backup. */
  isRestoring: boolean;
  /** True while `eventline restored` keeps the log closed. */
  isClosing: boolean;
  /** How often `eventline restored` was run. */
  restores: number;
  /** Number of confirmed erasures, without those repeated after a restore. */
  erasures: number;
}

export function startProgress(): Progress {
  return { isOver: false, isRestoring: false, isClosing: false, restores: 0, erasures: 0 };
}
