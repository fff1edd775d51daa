#include <array>

#include "clients/cli/frame/text_parts.h"

namespace sluis::cli {

std::span<const Entry> CommandTexts() {
  static constexpr auto kTexts = std::to_array<Entry>({
      {"log", "het logboek controleren", "verify the log"},
      {"log.check-receipt", "Controleert een ontvangstbewijs, zonder netwerk.", "Verifies a receipt, without a network."},
      {"log.check-receipt.file", "het ontvangstbewijs", "the receipt"},
      {"log.check-receipt.trust", "wie u vertrouwt: logboeken en getuigen", "whom you trust: logs and witnesses"},
      {"log.show-receipt", "Laat zien wat er in een ontvangstbewijs staat, zonder te controleren.",
       "Shows what stands in a receipt, without verifying it."},
      {"log.show-receipt.file", "het ontvangstbewijs", "the receipt"},
      {"arrangement", "afspraken: convenant, mandaat, besluit", "arrangements: covenant, mandate, decision"},
      {"arrangement.draft", "Zet een afspraak om in een verklaring die de partijen ondertekenen.",
       "Turns an agreement into a statement that its parties sign."},
      {"arrangement.draft.id", "kenmerk van de afspraak", "id of the arrangement"},
      {"arrangement.draft.fact", "soort afspraak", "sort of arrangement"},
      {"arrangement.draft.party", "partij die ondertekent (meer dan eens te geven)", "party that signs (may be repeated)"},
      {"arrangement.draft.from", "eerste dag waarop de afspraak geldt", "first day on which it is in force"},
      {"arrangement.draft.until", "eerste dag waarop de afspraak niet meer geldt", "first day on which it is no longer in force"},
      {"arrangement.draft.serial", "volgnummer; een hoger nummer vervangt een lager", "serial; a higher one replaces a lower one"},
      {"arrangement.draft.withdrawn", "de afspraak is ingetrokken", "the arrangement is withdrawn"},
      {"arrangement.draft.purpose", "doel waarvoor de afspraak geldt (meer dan eens te geven)", "purpose that it is for (may be repeated)"},
      {"arrangement.draft.case", "alleen voor deze zaak", "for this case only"},
      {"arrangement.draft.recipient", "ontvanger aan wie verstrekt mag worden", "recipient to whom may be provided"},
      {"arrangement.draft.field", "veld dat verstrekt mag worden", "field that may be provided"},
      {"arrangement.draft.authority", "bevoegd gezag dat instemt", "authority that agrees"},
      {"arrangement.draft.principal", "gemeente die het mandaat geeft", "municipality that gives the mandate"},
      {"arrangement.draft.agent", "gemeente die namens haar handelt", "municipality that acts in its name"},
      {"arrangement.draft.out", "bestand voor de verklaring (- voor het scherm)", "file for the statement (- for the screen)"},
      {"arrangement.sign", "Ondertekent een verklaring namens een partij.", "Signs a statement for one party."},
      {"arrangement.sign.file", "de verklaring", "the statement"},
      {"arrangement.sign.party", "partij die ondertekent", "party that signs"},
      {"arrangement.sign.key", "ondertekensleutel van die partij", "signing key of that party"},
      {"arrangement.sign.out", "ander bestand voor het resultaat", "other file for the result"},
      {"arrangement.show", "Laat een afspraak zien, en controleert wie ondertekende.", "Shows an arrangement, and verifies who signed."},
      {"arrangement.show.file", "de verklaring", "the statement"},
      {"arrangement.show.directory", "gids met de sleutels van de partijen", "directory with the keys of the parties"},
      {"arrangement.show.officer", "controlesleutel van een beheerder van de gids (twee keer)", "verifier key of a directory officer (twice)"},
      {"directory", "de gids: wie meedoet, met welke sleutels", "the directory: who takes part, with which keys"},
      {"directory.show", "Controleert de gids en laat zien wie erin staat.", "Verifies the directory and shows who is in it."},
      {"directory.show.file", "de ondertekende gids", "the signed directory"},
      {"directory.show.officer", "controlesleutel van een beheerder van de gids (twee keer)", "verifier key of a directory officer (twice)"},
      {"directory.sign", "Ondertekent een beschrijving van de gids als eerste beheerder.", "Signs a description of the directory as its first officer."},
      {"directory.sign.in", "beschrijving in JSON (- voor invoer)", "description in JSON (- for standard input)"},
      {"directory.sign.key", "sleutel van de beheerder", "key of the officer"},
      {"directory.sign.name", "naam van zijn controlesleutel", "name of his verifier key"},
      {"directory.sign.out", "bestand voor de ondertekende gids", "file for the signed directory"},
      {"directory.cosign", "Ondertekent de gids als tweede beheerder.", "Signs the directory as its second officer."},
      {"directory.cosign.file", "gids met de eerste handtekening", "directory with the first signature"},
      {"directory.cosign.key", "sleutel van de beheerder", "key of the officer"},
      {"directory.cosign.name", "naam van zijn controlesleutel", "name of his verifier key"},
      {"directory.cosign.out", "bestand voor de gids met beide handtekeningen", "file for the directory with both signatures"},
      {"key", "sleutels maken", "make keys"},
      {"key.generate", "Maakt een sleutel. De geheime helft komt alleen in het bestand.", "Makes a key. The private half goes into the file only."},
      {"key.generate.type", "waarvoor de sleutel is", "what the key is for"},
      {"key.generate.out", "nieuw bestand voor de geheime sleutel", "new file for the private key"},
      {"key.generate.name", "naam van de controlesleutel (log, officer)", "name of the verifier key (log, officer)"},
      {"key.generate.algorithm", "algoritme (assertion)", "algorithm (assertion)"},
      {"completion", "aanvullen met de tabtoets", "completion with the tab key"},
      {"completion.shell", "uw shell", "your shell"},
  });
  return kTexts;
}

}  // namespace sluis::cli
