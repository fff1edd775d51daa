#include "broker/rpc/dutch.h"

#include <array>
#include <utility>

namespace sluis::rpc {
namespace {

using Line = std::pair<std::string_view, std::string_view>;

constexpr std::array kLines = {
    Line{"FIELD_MISSING", "Er ontbreekt iets in uw vraag. Vul het genoemde veld in."},
    Line{"FIELD_INVALID", "Er klopt iets niet in uw vraag. Pas het genoemde veld aan."},
    Line{"UNKNOWN_FIELD",
         "Uw programma stuurt iets mee dat Sluis niet kent. Vraag uw beheerder om hulp."},
    Line{"UNKNOWN_PURPOSE", "Dit doel staat niet in de regels. Kies een doel uit de lijst."},
    Line{"UNKNOWN_LEGAL_BASIS",
         "Deze grondslag staat niet in de regels. Kies een grondslag uit de lijst."},
    Line{"UNKNOWN_FIELD_NAME",
         "Dit gegeven staat niet in de regels. Kies een gegeven uit de lijst."},
    Line{"PAGE_TOKEN_MISMATCH", "De lijst is veranderd. Vraag hem opnieuw op."},
    Line{"CERTIFICATE_WITHOUT_OIN",
         "Het certificaat van uw organisatie heeft geen OIN. Vraag uw beheerder om hulp."},
    Line{"CERTIFICATE_NOT_TRUSTED",
         "Het certificaat van uw organisatie wordt niet vertrouwd. Vraag uw beheerder om hulp."},
    Line{"ASSERTION_MISSING", "U bent niet ingelogd. Log in en probeer het opnieuw."},
    Line{"ASSERTION_INVALID", "Uw inlog klopt niet. Log opnieuw in of vraag uw beheerder om hulp."},
    Line{"ASSERTION_EXPIRED", "Uw inlog is verlopen. Log opnieuw in."},
    Line{"ASSERTION_REPLAYED", "Deze inlog is al gebruikt. Log opnieuw in."},
    Line{"RESOURCE_NOT_ACCESSIBLE", "Hier is niets dat uw afdeling mag zien of veranderen."},
    Line{"PARTNER_SUSPENDED", "Deze organisatie doet nu niet mee. Vraag uw beheerder om hulp."},
    Line{"OIN_MISMATCH", "U kunt dit alleen voor uw eigen organisatie en afdeling doen."},
    Line{"USE_NOT_ALLOWED",
         "Hiervoor mag u de log niet lezen. Vraag de gegevens van uw eigen organisatie op."},
    Line{"REQUEST_ID_REUSED", "Dit nummer is al voor een andere vraag gebruikt. Begin opnieuw."},
    Line{"ID_TAKEN", "Dit nummer is al in gebruik. Kies een ander nummer."},
    Line{"EXCHANGE_CLOSED",
         "Dit kan niet meer: de uitwisseling of de zaak is al verder of gesloten."},
    Line{"APPROVAL_MISSING", "Er moet nog iemand akkoord geven."},
    Line{"APPROVER_IS_REQUESTER", "U kunt uw eigen vraag niet goedkeuren. Vraag een collega."},
    Line{"ANSWER_EXCEEDS_DECISION",
         "Dit antwoord geeft meer dan de regels toestaan. Er is niets verstuurd. Stuur minder."},
    Line{"NO_TRANSCRYPTOR",
         "Hier kan nog niemand onder een pseudoniem staan. Laat die personen weg."},
    Line{"TRANSCRYPTOR_UNAVAILABLE",
         "Een dienst die pseudoniemen maakt is nu niet bereikbaar. Probeer het straks opnieuw."},
    Line{"TRANSCRYPTOR_FAULT",
         "Een dienst die pseudoniemen maakt gaf een fout antwoord. Er is niets verstuurd. "
         "Waarschuw de "
         "beheerder."},
    Line{"E_SESSION", "De sleutel van de ontvanger is verlopen. Verstuur het opnieuw."},
    Line{"E_EXPIRED", "Dit is te oud geworden. Verstuur het opnieuw."},
    Line{"E_MANDATE", "De regels laten dit zo niet toe. Bereid het antwoord opnieuw voor."},
    Line{"E_QUOTA", "U heeft vandaag te veel personen verstuurd. Probeer het morgen opnieuw."},
    Line{"E_CASE_CLOSED", "De pseudoniemen van deze zaak zijn voorgoed vernietigd."},
    Line{"ETAG_MISMATCH", "Iemand anders heeft dit net veranderd. Bekijk het opnieuw."},
    Line{"CONFLICTING_CHANGE", "Er is net iets veranderd. Probeer het opnieuw."},
    Line{"QUEUE_FULL", "Het is nu te druk. Probeer het straks opnieuw."},
    Line{"PAYLOAD_TOO_LARGE", "Dit antwoord is te groot. Stuur minder gegevens."},
    Line{"LOG_UNAVAILABLE",
         "Sluis kan nu niets vastleggen en doet daarom niets. Probeer het straks opnieuw."},
    Line{"STORE_UNAVAILABLE", "Sluis kan nu niet bij zijn gegevens. Probeer het straks opnieuw."},
    Line{"DEADLINE_TOO_SHORT", "Er was te weinig tijd. Probeer het opnieuw."},
    Line{"LOG_INCONSISTENT", "Er klopt iets niet in de opslag van Sluis. Waarschuw de beheerder."},
    Line{"INCIDENT", "Er ging iets mis in Sluis. Geef het nummer door aan de beheerder."},
};

}  // namespace

std::string DutchOf(std::string_view reason) {
  for (const auto& [known, line] : kLines) {
    if (known == reason) return std::string(line);
  }
  return "Dit kon niet. Lees de uitleg of vraag uw beheerder om hulp.";
}

}  // namespace sluis::rpc
