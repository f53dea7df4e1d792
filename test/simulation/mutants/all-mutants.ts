import { acknowledgeBeforeCommit } from './acknowledge-before-commit.ts';
import { claimGivenTwice } from './claim-given-twice.ts';
import { destinationOutsideCommit } from './destination-outside-commit.ts';
import { duplicateAccepted } from './duplicate-accepted.ts';
import { endWithoutDelivery } from './end-without-delivery.ts';
import { fenceNotRaised } from './fence-not-raised.ts';
import { lateExpiry } from './late-expiry.ts';
import { leaseByLocalClock } from './lease-by-local-clock.ts';
import { leaseNotProlonged } from './lease-not-prolonged.ts';
import { listByOffset } from './list-by-offset.ts';
import { limitIgnoredByClaim } from './limit-ignored-by-claim.ts';
import { limitedTaskReserved } from './limited-task-reserved.ts';
import { heldAndForgotten } from './held-and-forgotten.ts';
import type { Mutant } from './mutant.ts';
import { noSelfFencing } from './no-self-fencing.ts';
import { placeGivenPastLimit } from './place-given-past-limit.ts';
import { stopToldToNobody } from './stop-told-to-nobody.ts';
import { placeTakenAndForgotten } from './place-taken-and-forgotten.ts';
import { payloadOfAnother } from './payload-of-another.ts';
import { refuseAfterCommit } from './refuse-after-commit.ts';
import { rescueOnStaleSnapshot } from './rescue-on-stale-snapshot.ts';
import { resultWithoutFence } from './result-without-fence.ts';
import { roomNotGivenBack } from './room-not-given-back.ts';
import { secondAnswerTaken } from './second-answer-taken.ts';
import { stopForgottenOnTakeover } from './stop-forgotten-on-takeover.ts';
import { stopNotPassedOn } from './stop-not-passed-on.ts';
import { stoppedMonotonicClock } from './stopped-monotonic-clock.ts';

export const MUTANTS: readonly Mutant[] = [
  rescueOnStaleSnapshot,
  resultWithoutFence,
  acknowledgeBeforeCommit,
  leaseByLocalClock,
  stopForgottenOnTakeover,
  claimGivenTwice,
  refuseAfterCommit,
  endWithoutDelivery,
  destinationOutsideCommit,
  fenceNotRaised,
  noSelfFencing,
  stoppedMonotonicClock,
  leaseNotProlonged,
  stopNotPassedOn,
  roomNotGivenBack,
  lateExpiry,
  payloadOfAnother,
  listByOffset,
  duplicateAccepted,
  placeTakenAndForgotten,
  heldAndForgotten,
  stopToldToNobody,
  placeGivenPastLimit,
  limitedTaskReserved,
  limitIgnoredByClaim,
  secondAnswerTaken,
];
