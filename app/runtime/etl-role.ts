import { pullSource } from '../../etl/pull.ts';
import { lastSuccessfulPulls } from '../../etl/runs.ts';
import { startSchedule, systemAfter } from '../../etl/schedule.ts';
import { claimDatabase } from './claim-database.ts';
import type { Installation } from './installation.ts';
import { type StageLoop, startStageLoop } from './stage-loop.ts';

export interface EtlRole {
  readonly stages: StageLoop;
  stop(): Promise<void>;
}

/** Reads the sources by their schedules and keeps the marts up to date. Throws DataFolderError when the database is another's. */
export async function startEtlRole(installation: Installation): Promise<EtlRole> {
  const { config, clock, logger, sources, warehouse } = installation;
  await claimDatabase(installation);
  const stopping = new AbortController();
  const stages = startStageLoop(installation.pipeline(stopping.signal), logger);
  const pull = installation.pull(stopping.signal);
  const schedule = await startSchedule(
    {
      clock,
      after: systemAfter,
      timezone: config.timezone,
      log: logger,
      lastSuccess: () => lastSuccessfulPulls(warehouse, config.project),
      run: async (sourceId, trigger) => {
        const source = sources.find(({ id }) => id === sourceId);
        if (source === undefined) return;
        await pullSource(pull, source, { trigger }).catch(unlessStopping(stopping.signal));
        stages.poke();
      },
    },
    sources,
  ).catch(async (error: unknown) => {
    await stages.stop();
    throw error;
  });
  return {
    stages,
    stop: async () => {
      stopping.abort();
      await schedule.stop();
      await stages.stop();
    },
  };
}

/** A run that is cut short because we stop is no failure: it goes on from there at the next start. */
const unlessStopping =
  (signal: AbortSignal) =>
  (error: unknown): void => {
    if (!signal.aborted) throw error;
  };
