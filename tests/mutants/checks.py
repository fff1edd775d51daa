"""Checks against adversaries, each with what it becomes when it is taken out and the test that must notice.

The threat tables are in SECURITY.md and deploy/decisions; what each check is for stands at the check itself.
"""
import collections

Mutant = collections.namedtuple("Mutant", "name file old new program pattern")

GATE = "lib/pseudonym/request_check.cc"
STATEMENT = "lib/pseudonym/decision_statement.cc"
SIGNED = "lib/pseudonym/signed_request.cc"
SESSION = "lib/pseudonym/session.cc"
SHRED = "lib/pseudonym/shred_order.cc"
ENROL = "lib/pseudonym/enrolment.cc"
HOPS = "broker/transcryptor/hops.cc"
ENROLS = "broker/transcryptor/enrolments.cc"
SESSIONS = "broker/transcryptor/sessions.cc"
JUDGE = "broker/transcryptor/judge.cc"
POLICY = "broker/transcryptor/own_policy.cc"
PORTS = "broker/transcryptor/ports.cc"
SALTS = "broker/transcryptor/salts.cc"
BROKER = "broker/exchange/signed_requests.cc"
TRIP = "broker/exchange/transcribe.cc"
EDGE = "clients/lib/transcribed.cc"
ANSWERED = "clients/lib/received_items.cc"
POINT = "broker/authzen/exchange_point.cc"
VERDICT = "broker/authzen/exchange_verdict.cc"
PROTOCOL = "broker/authzen/protocol.cc"
TOKENS = "broker/authzen/search_tokens.cc"
BUNDLE = "policy/signed/bundle.cc"
MARK = "policy/signed/mark.cc"
CANONICAL = "policy/engine/canonical_reader.cc"
ADMISSION = "policy/signed/admission.cc"
IN_FORCE = "broker/daemon/policy_source.cc"
DECIDE = "broker/exchange/decide.cc"
READS = "broker/exchange/service_reads.cc"
RECEIPT = "policy/signed/decision_receipt.cc"

T = "transcryptor_test"
LIB = "pseudonym_test"
VECTORS = "pseudonym_vectors_test"
EXCHANGE = "exchange_pseudonym_test"
CLIENT = "edge_pseudonym_test"
AUTHZEN = "authzen_exchange_test"
AUTHZEN_PROTOCOL = "authzen_protocol_test"
PACKS = "policy_signed_test"
DAEMON = "daemon_test"

MUTANTS = [Mutant(*row) for row in (
    # --- the gate of a transcryptor (pseudonyms.md §8.1), in its order ---
    ("signature", GATE, "  return request.VerifySignature(*key);", "  return absl::OkStatus();",
     T, "Threats.AnotherUnit*:Threats.N_REPLAY"),
    ("suspended-partner", PORTS, "if (partner == nullptr || partner->suspended) return nullptr;",
     "if (partner == nullptr) return nullptr;", T, "Threats.SuspendedPartner*"),
    ("flag-unknown", GATE, "if ((head.flags & ~(kFlagVerifiable | kFlagShuffle | kFlagQueued)) != 0) {", "if (false) {",
     VECTORS, "*"),
    ("flag-verifiable", GATE, "if (!head.verifiable() && head.kind != RequestKind::kMove) {", "if (false) {", VECTORS, "*"),
    ("flag-shuffle", GATE, "if (head.shuffle() && (head.kind == RequestKind::kInquire || AnyPayload(request))) {",
     "if (false) {", VECTORS, "*"),
    ("inquiry-size", GATE, "  if (kind == RequestKind::kInquire &&\n      std::find(",
     "  if (false && kind == RequestKind::kInquire &&\n      std::find(", VECTORS, "*"),
    ("inquiry-payload", GATE,
     "if ((kind == RequestKind::kInquire || kind == RequestKind::kMove) && AnyPayload(request)) {", "if (false) {",
     VECTORS, "*"),
    ("same-context", GATE, "if (route.c_from == route.c_to) return", "if (false) return", T, "Threats.N_SAME"),
    ("same-domain", GATE, "if (route.d_from == route.d_to) return", "if (false) return", T, "Threats.N_SAME"),
    ("sender-of-session", GATE, "if (route.c_from.party() != signer ||", "if (", T, "Threats.AnotherUnit*"),
    ("sender-of-domain", GATE, "(route.d_from.kind() == DomainKind::kCase && route.d_from.party() != signer)) {",
     "false) {", VECTORS, "*"),
    ("recipient", GATE, "if ((route.d_to.kind() != DomainKind::kOrigin && to != route.d_to.party()) ||", "if (",
     VECTORS, "*"),
    ("move-to-itself", GATE, "(head.kind == RequestKind::kMove && to != signer)) {", "false) {", T,
     "Mandate.N_MANDATE_AMoveStays*"),
    ("self", GATE, "if (head.kind != RequestKind::kMove && to == signer) {", "if (false) {", T, "Threats.ToItself*"),
    ("lifetime", GATE, "if (expires > issued && expires - issued <= most) return", "if (true) return", VECTORS, "*"),
    ("time", GATE, "  return Refuse(\"E_EXPIRED\", \"the request is not valid at this time\");",
     "  return absl::OkStatus();", T, "Threats.N_REPLAY"),
    ("nonce", PORTS, "if (outcome == storage::ReserveOutcome::kOtherBytes) {", "if (false) {", T, "Threats.N_REPLAY"),
    ("lost-cache", PORTS, "if (use.issued < unknown_until_) {", "if (false) {", T, "State.N_CACHE"),
    ("duplicate-blind", GATE, "if (!seen.insert(item.ciphertext.b.bytes()).second) {", "if (false) {",
     T, "Threats.N_REPLAY_DuplicateBlind"),
    ("quota", PORTS, "  if (within) return absl::OkStatus();\n  return Refuse(\"E_QUOTA\", \"the number",
     "  if (true) return absl::OkStatus();\n  return Refuse(\"E_QUOTA\", \"the number", T, "Threats.N_QUOTA*"),
    ("quota-inside", GATE, "  if (IsInsideOrganisation(use)) {", "  if (false) {", T, "Threats.N_QUOTA_Inside*"),
    ("knowledge", GATE, "    SLUIS_RETURN_IF_ERROR(request.VerifyKnowledge());\n", "", T, "Threats.N_MAUL"),
    ("session-live", GATE, "if (!from || !to || now >= from->end || now >= to->end ||", "if (!from || !to ||",
     T, "State.EndedAndRevoked*"),
    ("y-from-of-session", GATE, "if (head.y_from != from->y)\n", "if (false)\n", T, "Threats.N_YFROM_1"),
    ("y-at-second-hop", GATE, "if (factors.Rekeyed(first_y_to) == y_of_c_to) return", "if (true) return",
     T, "Threats.N_YFROM_2"),
    # --- the mandate (§8.2) ---
    ("statement-key", STATEMENT, "if (key_id != broker.KeyId()) return", "if (false) return", T,
     "Mandate.N_MANDATE_Statement*"),
    ("statement-signature", STATEMENT,
     "  SLUIS_RETURN_IF_ERROR(Classified(broker.Verify(SignedBytes(json_bytes), signature)));\n", "",
     VECTORS, "*"),
    ("statement-digest", STATEMENT, "if (statement.digest() != mandate) return", "if (false) return",
     T, "Mandate.N_MANDATE_Statement*"),
    ("statement-time", STATEMENT, "if (seconds < terms.issued - 60 || seconds > terms.expires) {", "if (false) {",
     VECTORS, "*"),
    ("statement-pack", STATEMENT, "if (std::find(packs.begin(), packs.end(), terms.pack) == packs.end()) {", "if (false) {",
     T, "Mandate.N_MANDATE_OtherPack"),
    ("statement-bulk", STATEMENT, "if (statement.terms().bulk && head.kind != RequestKind::kMove) {", "if (false) {",
     T, "Threats.N_QUOTA_Bulk*"),
    ("statement-covers", STATEMENT,
     "if (SubjectFits(request) && CoversKind(request, head.kind, head.signer, route)) {", "if (true) {", VECTORS, "*"),
    ("own-policy", JUDGE, "  return PackPermits(statement, kind, now);", "  return absl::OkStatus();", T, "Mandate.N_MANDATE*"),
    ("own-arrangements", POLICY, "    if (!proven) request.facts.erase(claimed);\n", "",
     T, "Mandate.N_MANDATE_WithoutTheArrangement"),
    ("own-epoch", HOPS, "if (MayOpenEpoch(kind, route, settings_.epoch)) return", "if (true) return",
     T, "Mandate.N_MANDATE_AnotherEpoch*"),
    # --- a malicious transcryptor ---
    ("first-hop-proofs", HOPS, "  SLUIS_RETURN_IF_ERROR(verified);\n", "  (void)verified;\n",
     T, "Threats.WrongFactorOfTheFirst*"),
    ("first-hop-signature", HOPS, "    return BadFirstHop(\"the first transcryptor did not sign this answer\");\n", "",
     T, "Threats.N_SWAP:Threats.WrongFactor*"),
    ("first-hop-payloads", HOPS, "      first.payload_digests() != Joined(payloads) || first.commitments_size() != 4) {",
     "      first.commitments_size() != 4) {", T, "Threats.N_SWAP"),
    ("session-of-first", SESSIONS,
     "  SLUIS_RETURN_IF_ERROR(pseudonym::VerifySessionStep(step, k_c));\n  return step.y_out;", "  return step.y_out;",
     T, "State.LyingFirst*"),
    ("session-share", SESSION, "  SLUIS_RETURN_IF_ERROR(VerifyShare(share2, pinned.x2, answer.k2));\n", "",
     LIB, "SessionTest.*"),
    ("session-key", SESSION, "if (MultiplyBase(sk) != answer.second.y_out) {", "if (false) {", LIB, "SessionTest.*"),
    ("session-start", SESSION, "if (answer.first.y_in != pinned.y || answer.second.y_in != answer.first.y_out) {",
     "if (false) {", LIB, "SessionTest.*"),
    ("session-party", SESSION, "  if (context.party() != head.signer) {", "  if (false) {", T, "State.SessionNeedsItsParty*"),
    ("session-once", SESSIONS, "if (record && record->head != admitted.session.digest()) {", "if (false) {",
     T, "State.OneHeadPerSessionId"),
    # --- shredding ---
    ("salt-destroyed", SALTS, "if (record.destroyed) return Closed();", "if (false) return Closed();", T, "State.N_SHRED*"),
    ("shred-party", SHRED, "  SLUIS_RETURN_IF_ERROR(Classified(key->Verify(", "  (void)(Classified(key->Verify(",
     T, "State.N_SHRED_ByItsPartyAlone"),
    # --- enrolment (§11.1) ---
    ("enrol-sender", ENROL, "  if (index.party() != head.signer) {", "  if (false) {", VECTORS, "*"),
    ("enrol-covers", ENROL, "  SLUIS_RETURN_IF_ERROR(CheckCoversEnrolment(mandate, head.mandate, head.signer, route.d_index,\n"
     "                                             count, now, judge.Packs()));\n", "", LIB, "EnrolmentTest.*"),
    ("enrol-tie", ENROLS, "  SLUIS_RETURN_IF_ERROR(pseudonym::VerifyTie(*tie, s_origin, s_index));\n", "",
     T, "Enrolment.WrongEvaluation*"),
    ("enrol-proof", ENROL, "  return VerifyDleq(response.proof, f, Pairs(input, response.elements));",
     "  return absl::OkStatus();", T, "Enrolment.WrongEvaluation*"),
    ("inquiry-waits", STATEMENT, "(outcome == kNeedsApproval && kind == RequestKind::kInquire)", "outcome == kNeedsApproval",
     T, "InquiryMandate.N_MANDATE_OnlyAnInquiry*"),
    ("inquiry-denied-waits", POLICY, "if (own.outcome != policy::Outcome::kNeedsApproval || !provider.ok()) return false;",
     "if (!provider.ok()) return false;", T, "InquiryMandate.N_MANDATE_WhatIsDenied*"),
    ("inquiry-regime", JUDGE, "  return entry->regime == TextAt(request, {\"resource\", \"properties\", \"regime\"})\n",
     "  return true\n", T, "InquiryMandate.N_MANDATE_OnlyTheRegister*"),
    ("inquiry-register", JUDGE, "  if (kind == RequestKind::kInquire) SLUIS_RETURN_IF_ERROR(InquiryPermits(statement));\n", "",
     T, "InquiryMandate.N_MANDATE_OnlyTheRegister*"),
    ("enrol-register", JUDGE, "if (kind == RequestKind::kEnrol) return EnrolmentPermits(statement);",
     "if (kind == RequestKind::kEnrol) return absl::OkStatus();", T, "Enrolment.DirectorySays*"),
    # --- at the broker: a malicious partner, unit, transcryptor ---
    ("broker-signature", BROKER, "  return request.VerifySignature(unit->signing);", "  return absl::OkStatus();",
     EXCHANGE, "PseudonymAdversaryTest.HeaderAndSigned*"),
    ("broker-sender", BROKER, "if (request.head().signer != pseudonym::Party::Of(sender)) {", "if (false) {",
     EXCHANGE, "PseudonymAdversaryTest.MaliciousUnit*"),
    ("broker-mandate", BROKER,
     "  SLUIS_RETURN_IF_ERROR(pseudonym::CheckCovers(statement, request.head(), route,\n"
     "                                               request.items().size(), surroundings.now,\n"
     "                                               {&surroundings.policy_digest, 1}));\n", "",
     EXCHANGE, "PseudonymAdversaryTest.MaliciousPartner*"),
    ("broker-session", BROKER, "  SLUIS_RETURN_IF_ERROR(CheckSession(request, surroundings));\n", "",
     EXCHANGE, "PseudonymAdversaryTest.MaliciousPartnerSendsTowards*"),
    ("broker-payload", BROKER, "      if (item.payload != expected) {", "      if (false) {",
     EXCHANGE, "PseudonymAdversaryTest.MaliciousPartnerBinds*"),
    ("broker-labels", BROKER, "  SLUIS_RETURN_IF_ERROR(CheckLabels(\n", "  (void)(CheckLabels(\n",
     EXCHANGE, "PseudonymAdversaryTest.MaliciousPartnerTells*"),
    ("broker-header", BROKER, "    if (Sha256(sent[i]) != release.header.signed_requests[i]) {", "    if (false) {",
     EXCHANGE, "PseudonymAdversaryTest.HeaderAndSigned*"),
    ("broker-hop", TRIP, "    return TranscryptorFault(hop, \"signature\");\n", "", EXCHANGE, "PseudonymAdversaryTest.MaliciousTranscryptor*"),
    ("broker-hop-count", TRIP, "  if (response->items.size() != request.items().size()) return TranscryptorFault(hop, \"count\");\n", "",
     EXCHANGE, "PseudonymAdversaryTest.MaliciousTranscryptor*"),
    ("broker-hop-payloads", TRIP,
     "  if (!NamesPayloads(request, answer.payload_digests)) return TranscryptorFault(hop, \"payloads\");\n", "",
     EXCHANGE, "PseudonymAdversaryTest.MaliciousTranscryptor*"),
    ("proof-block-at-broker", TRIP, "    first_.sealed_proof.clear();\n", "", EXCHANGE, "PseudonymAdversaryTest.ACurious*"),
    # --- at the edge that receives: a curious broker, a malicious transcryptor ---
    ("edge-signature", EDGE, "    SLUIS_RETURN_IF_ERROR(request_->VerifySignature(terms_.sender_key));\n", "",
     CLIENT, "EdgeLiesTest.ASenderThatNames*"),
    ("edge-statement-exchange", EDGE, "    if (statement.terms().exchange != name.id.hex()) {", "    if (false) {",
     CLIENT, "EdgeLiesTest.ASenderThatNames*"),
    ("edge-domain", ANSWERED, "  if (route.d_to.case_id() != exchange.domain() ||", "  if (",
     CLIENT, "EdgeLiesTest.AnotherDomain*"),
    ("edge-epoch", ANSWERED, "  return CheckEpoch(route.d_to.epoch(), trust);", "  return absl::OkStatus();",
     CLIENT, "EdgeLiesTest.AnotherEpoch*"),
    ("edge-payloads", EDGE, "    if (hop.payload_digests() == in_order) return", "    if (true) return",
     CLIENT, "EdgeLiesTest.OtherPayload*"),
    ("edge-hop-proofs", EDGE,
     "    SLUIS_RETURN_IF_ERROR(pseudonym::VerifyHop(\n", "    (void)(pseudonym::VerifyHop(\n",
     CLIENT, "EdgeLiesTest.*"),
    ("edge-hop-signature", EDGE,
     "    return pseudonym::VerifyHopSignature(digests, hop.signature(),\n"
     "                                         terms_.trust.key_set.half(Hop::kFirst).signing);",
     "    return absl::OkStatus();", CLIENT, "EdgeLiesTest.AnAlteredHopSignature"),
    # That y_to is the session's own key follows from the proofs above it; no answer can tell the two apart, so its
    # check in transcribed.cc is not in this list.
    ("edge-named", ANSWERED, "  if (release.signed_requests_size() != count || delivery.transcryptions_size() != count) {",
     "  if (false) {", CLIENT, "EdgeLiesTest.AMissing*"),
    # --- questions to the policy alone (AuthZEN) ---
    ("authzen-subject", POINT, "if (mapped.subject_mismatch) return", "if (false) return",
     AUTHZEN, "ExchangePointTest.IsForWhoCalls*"),
    ("authzen-outside", POINT, "if (mapped.fault.found()) return", "if (false) return",
     AUTHZEN, "ExchangePointTest.NothingOutside*"),
    ("authzen-obligations", VERDICT, "if (verdict.decision && !question.takes_obligations) {", "if (false) {",
     AUTHZEN, "ExchangePointTest.ReleasesNothing*"),
    ("authzen-phase", VERDICT, "if (question.phase && *question.phase != decided.exchange.case_phase) {",
     "if (false) {", AUTHZEN, "ExchangePointTest.NothingOutside*"),
    ("authzen-record", PROTOCOL, "SLUIS_RETURN_IF_ERROR(hearing->Close());\n  return ToJson(", "return ToJson(",
     AUTHZEN_PROTOCOL, "ProtocolTest.AnswersNothingThat*"),
    ("authzen-malformed", PROTOCOL,
     "if (fault.found()) return Failed(400, fault.member + \": \" + fault.message);", "", AUTHZEN_PROTOCOL,
     "ProtocolTest.AnItemThatFails*"),
    ("authzen-page-token", TOKENS,
     "if (!ConstantTimeEqual(BytesView(*bytes).substr(0, kTokenMac), AsView(mac))) return OtherList();", "",
     AUTHZEN_PROTOCOL, "SearchTokens.*"),
    # --- signed packs and receipts of decisions (deploy/decisions/2026-11-26-signed-packs.md) ---
    ("pack-two-persons", BUNDLE,
     "if (!verified.ok() || verified->signatures.size() < kNeededSigners) {",
     "if (!verified.ok()) {", PACKS, "BundleTest.OnePerson*"),
    ("pack-signer-repeated", BUNDLE,
     "    if (names.insert(line.name).second && signatures.insert(line.signature).second) continue;",
     "    continue;", PACKS, "BundleTest.OnePerson*"),
    ("pack-digest", BUNDLE,
     "if (json.at(\"digest\") != HexEncode(AsView(made->digest_))) {",
     "if (false) {", PACKS, "BundleTest.MembersAre*"),
    ("pack-canonical", BUNDLE,
     "if (!canonical.ok() || *canonical != json_text) return",
     "if (!canonical.ok()) return", PACKS, "BundleTest.AnotherFormat*"),
    ("pack-one-spelling", CANONICAL,
     "if (CanonicalBytes(*pack) != bytes) return NotCanonical();",
     "", PACKS, "BundleTest.ThePackInside*"),
    ("pack-age", BUNDLE,
     "if (now >= bundle.stale_after()) {",
     "if (false) {", PACKS, "BundleTest.CountsFrom*"),
    ("pack-rollback", MARK,
     "  if (after < before) {",
     "  if (false) {", PACKS, "PackMarkTest.AVersion*"),
    ("pack-conflict", MARK,
     "  if (candidate.digest != last.digest) {",
     "  if (false) {", PACKS, "PackMarkTest.AVersion*"),
    ("pack-proved", ADMISSION,
     "  SLUIS_RETURN_IF_ERROR(RequireProved(pack, {}));\n",
     "", DAEMON, "PolicySourceTest.AnUnproved*"),
    ("pack-jurist", IN_FORCE,
     "  if (!terms_.demonstration) SLUIS_RETURN_IF_ERROR(all_signed);\n",
     "", DAEMON, "PolicySourceTest.Outside*"),
    ("pack-mark", IN_FORCE,
     "  if (marked_) SLUIS_RETURN_IF_ERROR(policy::CheckFollows(*marked_, mark));\n",
     "", DAEMON, "PolicySourceTest.AVersion*"),
    ("pack-stale-broker", DECIDE,
     "  if (view.now >= view.policy.stale_after) {",
     "  if (false) {", DAEMON, "PolicySourceTest.NothingIs*"),
    ("pack-stale-transcryptor", JUDGE,
     "  policy.is_stale = now >= policy.stale_after;\n",
     "", T, "Mandate.APackThatIsTooOld*"),
    ("receipt-labels", READS,
     "  if (caller.party != exchange.provider_desk && !IsUnderOwnLabels(exchange, stored.request)) {",
     "  if (false) {", EXCHANGE, "ReceiptTest.TheAsker*"),
    ("receipt-signature", RECEIPT,
     "  SLUIS_RETURN_IF_ERROR(broker.Verify(ToBeSigned(lines[1]), *signature));\n",
     "", PACKS, "DecisionReceiptTest.EveryChangedByte*"),
)]
