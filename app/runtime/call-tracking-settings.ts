import type { CallTrackingSettings } from '../../collector/calls/call-tracking.ts';
import type { Config } from '../config/schema.ts';
import { stageRules } from './stage-rules.ts';

/** What of the configuration decides which number a visit sees: its source is read as the stages read it. */
export function callTrackingSettings(config: Config): CallTrackingSettings {
  const { ownDomains, paymentReturnDomains, sourceAliases } = stageRules(config);
  const landing = { ownDomains, returnDomains: paymentReturnDomains };
  return { ...config.call_tracking, landing, sourceAliases };
}
