#include <array>

#include "clients/cli/frame/text_parts.h"

namespace sluis::cli {

std::span<const Entry> TalkTexts() {
  static constexpr auto kTexts = std::to_array<Entry>({
      {"talk.key_kept", "De geheime sleutel staat in $0. Alleen u kunt dit bestand lezen; geef het aan niemand.",
       "The private key is in $0. Only you can read this file; give it to nobody."},
      {"talk.directory_signed", "De gids is ondertekend door $0.", "The directory is signed by $0."},
      {"talk.directory_verified", "Beide beheerders hebben gids $0, versie $1, ondertekend.",
       "Both officers signed directory $0, version $1."},
      {"talk.arrangement_signed", "Ondertekend: $0 van $1 partijen.", "Signed: $0 of $1 parties."},
      {"talk.arrangement_unverified",
       "Let op: de handtekeningen zijn niet gecontroleerd. Geef --directory en twee keer --officer.",
       "Note: the signatures were not verified. Give --directory and --officer twice."},
      {"talk.receipt_unverified", "Let op: dit ontvangstbewijs is alleen gelezen, niet gecontroleerd.",
       "Note: this receipt was only read, not verified."},
      {"talk.no_quorum",
       "Let op: geen getuige heeft dit logboek bevestigd. Het logboek kan aan anderen iets anders tonen.",
       "Note: no witness confirmed this log. It could show something else to others."},
      {"column.type", "Soort", "Type"},
      {"column.file", "Bestand", "File"},
      {"column.name", "Naam", "Name"},
      {"column.algorithm", "Algoritme", "Algorithm"},
      {"column.public_key", "Openbare sleutel", "Public key"},
      {"column.key_id", "Sleutelnummer", "Key id"},
      {"column.vkey", "Controlesleutel", "Verifier key"},
      {"column.oin", "OIN", "OIN"},
      {"column.kind", "Soort", "Kind"},
      {"column.units", "Eenheden", "Units"},
      {"column.suspended", "Geschorst", "Suspended"},
      {"column.id", "Kenmerk", "Id"},
      {"column.fact", "Afspraak", "Fact"},
      {"column.serial", "Volgnummer", "Serial"},
      {"column.in_force", "Geldt", "In force"},
      {"column.parties", "Partijen", "Parties"},
      {"column.signed_by", "Ondertekend door", "Signed by"},
      {"column.purposes", "Doelen", "Purposes"},
      {"column.from", "Vanaf", "From"},
      {"column.until", "Tot", "Until"},
      {"column.case", "Zaak", "Case"},
      {"column.recipients", "Ontvangers", "Recipients"},
      {"column.fields", "Velden", "Fields"},
      {"column.authority", "Bevoegd gezag", "Authority"},
      {"column.principal", "Mandaatgever", "Principal"},
      {"column.agent", "Gemandateerde", "Agent"},
      {"column.verified", "Gecontroleerd", "Verified"},
      {"column.index", "Plaats in het logboek", "Log index"},
      {"column.outcome", "Uitkomst", "Outcome"},
      {"column.hour", "Uur", "Hour"},
      {"column.exchange", "Uitwisseling", "Exchange"},
      {"column.acting", "Wie", "Who"},
      {"column.other", "Met wie", "With whom"},
      {"column.origin", "Logboek", "Log"},
      {"column.size", "Aantal regels", "Size"},
      {"column.witnesses", "Getuigen", "Witnesses"},
  });
  return kTexts;
}

}  // namespace sluis::cli
