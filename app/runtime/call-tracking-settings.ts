import type { CallTrackingSettings } from '../../collector/calls/call-tracking.ts';
import { landingRules } from '../../domain/channel/landing-rules.ts';
import type { Config } from '../config/schema.ts';
import { stageRules } from './stage-rules.ts';

/** What of the configuration decides which number a visit sees: its source is read as the stages read it. */
export function callTrackingSettings(config: Config): CallTrackingSettings {
  const { ownDomains, paymentReturnDomains, sourceAliases } = stageRules(config);
  return { ...config.call_tracking, landing: landingRules(ownDomains, paymentReturnDomains), sourceAliases };
}
