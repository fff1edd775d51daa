#include "broker/rpc/reasons.h"

#include <algorithm>
#include <array>

namespace sluis::rpc {
namespace {

using Code = absl::StatusCode;

constexpr std::string_view kSealBroken =
    "Het verzegelde bericht klopt niet. Er is niets verstuurd. Vraag uw beheerder om hulp.";
constexpr std::string_view kSealNotFit =
    "Het verzegelde bericht hoort niet bij deze vraag. Begin opnieuw of vraag uw beheerder om "
    "hulp.";

constexpr ToldReason kInvalid[] = {
    {"FIELD_INVALID", Code::kInvalidArgument,
     "Er klopt iets niet in uw vraag. Pas het genoemde veld aan."},
    {"FIELD_MISSING", Code::kInvalidArgument,
     "Er ontbreekt iets in uw vraag. Vul het genoemde veld in."},
    {"UNKNOWN_FIELD", Code::kInvalidArgument,
     "Uw programma stuurt iets mee dat Sluis niet kent. Vraag uw beheerder om hulp."},
    {"UNKNOWN_PURPOSE", Code::kInvalidArgument,
     "Dit doel staat niet in de regels. Kies een doel uit de lijst."},
    {"UNKNOWN_LEGAL_BASIS", Code::kInvalidArgument,
     "Deze grondslag staat niet in de regels. Kies een grondslag uit de lijst."},
    {"UNKNOWN_FIELD_NAME", Code::kInvalidArgument,
     "Dit gegeven staat niet in de regels. Kies een gegeven uit de lijst."},
    {"PAGE_TOKEN_MISMATCH", Code::kInvalidArgument, "De lijst is veranderd. Vraag hem opnieuw op."},
    {"IDENTIFIER_IN_FREE_TEXT", Code::kInvalidArgument,
     "Er staat een nummer van een persoon in een tekst. Haal het weg."},
};

constexpr ToldReason kWho[] = {
    {"CERTIFICATE_WITHOUT_OIN", Code::kUnauthenticated,
     "Het certificaat van uw organisatie heeft geen OIN. Vraag uw beheerder om hulp."},
    {"CERTIFICATE_NOT_TRUSTED", Code::kUnauthenticated,
     "Het certificaat van uw organisatie wordt niet vertrouwd. Vraag uw beheerder om hulp."},
    {"ASSERTION_MISSING", Code::kUnauthenticated,
     "U bent niet ingelogd. Log in en probeer het opnieuw."},
    {"ASSERTION_INVALID", Code::kUnauthenticated,
     "Uw inlog klopt niet. Log opnieuw in of vraag uw beheerder om hulp."},
    {"ASSERTION_EXPIRED", Code::kUnauthenticated, "Uw inlog is verlopen. Log opnieuw in."},
    {"ASSERTION_REPLAYED", Code::kUnauthenticated, "Deze inlog is al gebruikt. Log opnieuw in."},
    {"RESOURCE_NOT_ACCESSIBLE", Code::kPermissionDenied,
     "Hier is niets dat uw afdeling mag zien of veranderen."},
    {"PARTNER_SUSPENDED", Code::kPermissionDenied,
     "Deze organisatie doet nu niet mee. Vraag uw beheerder om hulp."},
    {"METHOD_NOT_ALLOWED", Code::kPermissionDenied, "Uw afdeling mag dit niet doen."},
    {"MANDATE_INVALID", Code::kPermissionDenied,
     "Het mandaat waarmee u dit doet, geldt hier niet. Vraag uw beheerder om hulp."},
    {"OIN_MISMATCH", Code::kPermissionDenied,
     "U kunt dit alleen voor uw eigen organisatie en afdeling doen."},
    {"USE_NOT_ALLOWED", Code::kPermissionDenied,
     "Hiervoor mag u de log niet lezen. Vraag de gegevens van uw eigen organisatie op."},
    {"SECOND_PERSON_REQUIRED", Code::kPermissionDenied,
     "Dit kan alleen met een tweede persoon erbij. Vraag een collega."},
};

constexpr ToldReason kState[] = {
    {"RESOURCE_NOT_FOUND", Code::kNotFound, "Dit bestaat niet (meer)."},
    {"REQUEST_ID_REUSED", Code::kAlreadyExists,
     "Dit nummer is al voor een andere vraag gebruikt. Begin opnieuw."},
    {"ID_TAKEN", Code::kAlreadyExists, "Dit nummer is al in gebruik. Kies een ander nummer."},
    {"EXCHANGE_CLOSED", Code::kFailedPrecondition,
     "Dit kan niet meer: de uitwisseling of de zaak is al verder of gesloten."},
    {"APPROVAL_MISSING", Code::kFailedPrecondition, "Er moet nog iemand akkoord geven."},
    {"APPROVAL_EXPIRED", Code::kFailedPrecondition,
     "Het akkoord is te oud. Vraag opnieuw akkoord."},
    {"APPROVER_IS_REQUESTER", Code::kFailedPrecondition,
     "U kunt uw eigen vraag niet goedkeuren. Vraag een collega."},
    {"RETENTION_ENDED", Code::kFailedPrecondition, "De bewaartermijn is voorbij."},
    {"ALREADY_ERASED", Code::kFailedPrecondition, "Dit is al gewist."},
    {"POLICY_PACK_STALE", Code::kFailedPrecondition,
     "De regels zijn te oud. Waarschuw de beheerder."},
    {"KEY_EPOCH_ENDED", Code::kFailedPrecondition, "De sleutels zijn vernieuwd. Begin opnieuw."},
    {"OBLIGATION_NOT_CONFIRMED", Code::kFailedPrecondition,
     "Er staat nog een plicht open. Bevestig die eerst."},
    {"ANSWER_EXCEEDS_DECISION", Code::kFailedPrecondition,
     "Dit antwoord geeft meer dan de regels toestaan. Er is niets verstuurd. Stuur minder."},
    {"SUBJECT_NOT_SENT", Code::kFailedPrecondition,
     "De vrager heeft nog niet gestuurd om wie het gaat. Wacht op de vraag."},
    {"NO_TRANSCRYPTOR", Code::kFailedPrecondition,
     "Hier kan nog niemand onder een pseudoniem staan. Laat die personen weg."},
    {"TRANSCRYPTOR_FAULT", Code::kFailedPrecondition,
     "Een dienst die pseudoniemen maakt gaf een fout antwoord. Er is niets verstuurd. "
     "Waarschuw de beheerder."},
    {"REQUEST_IN_PROGRESS", Code::kAborted,
     "Deze vraag wordt al behandeld. Wacht even en bekijk het dan opnieuw."},
    {"ETAG_MISMATCH", Code::kAborted, "Iemand anders heeft dit net veranderd. Bekijk het opnieuw."},
    {"CONFLICTING_CHANGE", Code::kAborted, "Er is net iets veranderd. Probeer het opnieuw."},
};

constexpr ToldReason kTrouble[] = {
    {"RATE_LIMITED", Code::kResourceExhausted,
     "U vraagt te veel achter elkaar. Probeer het straks opnieuw."},
    {"FISHING_LIMIT", Code::kResourceExhausted,
     "Uw afdeling heeft te veel gezocht. Vraag uw beheerder om hulp."},
    {"QUEUE_FULL", Code::kResourceExhausted, "Het is nu te druk. Probeer het straks opnieuw."},
    {"PAYLOAD_TOO_LARGE", Code::kResourceExhausted,
     "Dit antwoord is te groot. Stuur minder gegevens."},
    {"E_QUOTA", Code::kResourceExhausted,
     "Uw afdeling heeft vandaag te veel personen verstuurd. Probeer het morgen opnieuw."},
    {"LOG_UNAVAILABLE", Code::kUnavailable,
     "Sluis kan nu niets vastleggen en doet daarom niets. Probeer het straks opnieuw."},
    {"STORE_UNAVAILABLE", Code::kUnavailable,
     "Sluis kan nu niet bij zijn gegevens. Probeer het straks opnieuw."},
    {"PROVIDER_UNREACHABLE", Code::kUnavailable,
     "De andere organisatie is nu niet bereikbaar. Probeer het straks opnieuw."},
    {"TRANSCRYPTOR_UNAVAILABLE", Code::kUnavailable,
     "Een dienst die pseudoniemen maakt is nu niet bereikbaar. Probeer het straks opnieuw."},
    {"STARTING", Code::kUnavailable, "Sluis start op. Probeer het straks opnieuw."},
    {"DEADLINE_TOO_SHORT", Code::kDeadlineExceeded, "Er was te weinig tijd. Probeer het opnieuw."},
    {"INCIDENT", Code::kInternal,
     "Er ging iets mis in Sluis. Geef het nummer door aan de beheerder."},
    {"LOG_INCONSISTENT", Code::kDataLoss,
     "Er klopt iets niet in de opslag van Sluis. Waarschuw de beheerder."},
};

// The first two lines of pseudonyms.md §17, and what stands for the third.
constexpr ToldReason kSeals[] = {
    {"E_LENGTH", Code::kInvalidArgument, kSealBroken},
    {"E_ELEMENT", Code::kInvalidArgument, kSealBroken},
    {"E_IDENTITY", Code::kInvalidArgument, kSealBroken},
    {"E_SCALAR", Code::kInvalidArgument, kSealBroken},
    {"E_SCALAR_ZERO", Code::kInvalidArgument, kSealBroken},
    {"E_TRUNCATED", Code::kInvalidArgument, kSealBroken},
    {"E_TRAILING", Code::kInvalidArgument, kSealBroken},
    {"E_EMPTY_BATCH", Code::kInvalidArgument, kSealBroken},
    {"E_TYPE", Code::kInvalidArgument, kSealBroken},
    {"E_VERSION", Code::kInvalidArgument, kSealBroken},
    {"E_FLAGS", Code::kInvalidArgument, kSealBroken},
    {"E_BATCH_SIZE", Code::kInvalidArgument, kSealBroken},
    {"E_PAYLOAD", Code::kInvalidArgument, kSealBroken},
    {"E_UTF8", Code::kInvalidArgument, kSealBroken},
    {"E_TLV", Code::kInvalidArgument, kSealBroken},
    {"E_BSN", Code::kInvalidArgument, kSealBroken},
    {"E_SUBJECT", Code::kInvalidArgument, kSealBroken},
    {"E_STATEMENT", Code::kInvalidArgument, kSealBroken},
    {"E_SAME_CONTEXT", Code::kFailedPrecondition, kSealNotFit},
    {"E_SAME_DOMAIN", Code::kFailedPrecondition, kSealNotFit},
    {"E_SENDER", Code::kFailedPrecondition, kSealNotFit},
    {"E_RECIPIENT", Code::kFailedPrecondition, kSealNotFit},
    {"E_SELF", Code::kFailedPrecondition, kSealNotFit},
    {"E_LIFETIME", Code::kFailedPrecondition, kSealNotFit},
    {"E_EXPIRED", Code::kFailedPrecondition, "Het verzegelde bericht is verlopen. Begin opnieuw."},
    {"E_SESSION", Code::kFailedPrecondition,
     "De sleutel van de ontvanger is verlopen. Verstuur het opnieuw."},
    {"E_REPLAY", Code::kFailedPrecondition, "Dit bericht is al gebruikt. Begin opnieuw."},
    {"E_REPLAY_UNKNOWN", Code::kFailedPrecondition,
     "Sluis kan niet nagaan of dit bericht al is gebruikt. Begin opnieuw."},
    {"E_DUPLICATE_B", Code::kFailedPrecondition, kSealNotFit},
    {"E_MANDATE", Code::kFailedPrecondition,
     "De regels laten dit zo niet toe. Bereid het antwoord opnieuw voor."},
    {"E_CASE_CLOSED", Code::kFailedPrecondition,
     "De pseudoniemen van deze zaak zijn voorgoed vernietigd."},
    {"E_SIGNATURE", Code::kFailedPrecondition,
     "De handtekening onder dit bericht klopt niet. Vraag uw beheerder om hulp."},
    {"E_REFUSED", Code::kFailedPrecondition, kSealBroken},
};

constexpr std::string_view kToldAsRefused[] = {"E_YFROM", "E_FACTOR_TRIVIAL", "E_POK",
                                               "E_PROOF", "E_CANARY",         "E_PADDING",
                                               "E_OPEN",  "E_STREAM",         "E_DH_ZERO"};

constexpr std::size_t kCount = std::size(kInvalid) + std::size(kWho) + std::size(kState) +
                               std::size(kTrouble) + std::size(kSeals);

constexpr std::array<ToldReason, kCount> Join() {
  std::array<ToldReason, kCount> all{};
  auto* next = all.data();
  for (const std::span<const ToldReason> part :
       {std::span<const ToldReason>(kInvalid), std::span<const ToldReason>(kWho),
        std::span<const ToldReason>(kState), std::span<const ToldReason>(kTrouble),
        std::span<const ToldReason>(kSeals)}) {
    next = std::copy(part.begin(), part.end(), next);
  }
  return all;
}

constexpr std::array<ToldReason, kCount> kAll = Join();

}  // namespace

std::span<const ToldReason> ToldReasons() { return kAll; }

const ToldReason* FindToldReason(std::string_view reason) {
  if (std::find(std::begin(kToldAsRefused), std::end(kToldAsRefused), reason) !=
      std::end(kToldAsRefused)) {
    reason = "E_REFUSED";
  }
  const auto found = std::find_if(kAll.begin(), kAll.end(),
                                  [&](const ToldReason& told) { return told.reason == reason; });
  return found == kAll.end() ? nullptr : &*found;
}

}  // namespace sluis::rpc
