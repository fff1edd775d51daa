#include <array>

#include "clients/cli/frame/text_parts.h"

namespace sluis::cli {

std::span<const Entry> FrameTexts() {
  static constexpr auto kTexts = std::to_array<Entry>({
      {"frame.about",
       "sluis: rechtmatig signalen delen over ondermijning, en kunnen laten zien dat het mocht.",
       "sluis: share signals about organised crime lawfully, and be able to show that it was lawful."},
      {"frame.commands", "Opdrachten", "Commands"},
      {"frame.examples", "Voorbeelden", "Examples"},
      {"frame.options", "Opties", "Options"},
      {"frame.usage", "Gebruik", "Usage"},
      {"frame.everywhere", "Opties bij elke opdracht", "Options of every command"},
      {"frame.required", "verplicht", "required"},
      {"frame.error", "Fout:", "Error:"},
      {"frame.why", "Waarom", "Why"},
      {"frame.meant", "Bedoelde u", "Did you mean"},
      {"frame.do", "Doe dit", "Do this"},
      {"frame.code", "Code", "Code"},
      {"frame.trace", "Volgnummer voor de beheerder", "Trace id for the administrator"},
      {"frame.next", "Volgende stap: $0", "Next: $0"},
      {"frame.empty", "Er is niets om te laten zien.", "There is nothing to show."},
      {"frame.yes", "ja", "yes"},
      {"frame.no", "nee", "no"},
      {"global.profile", "map van uw profiel (anders: SLUIS_PROFILE)",
       "folder of your profile (else: SLUIS_PROFILE)"},
      {"global.output", "vorm van de gegevens", "form of the data"},
      {"global.lang", "taal van de teksten (anders: SLUIS_LANG, anders nl)",
       "language of the texts (else: SLUIS_LANG, else nl)"},
      {"global.no-input", "stel nooit een vraag; stop als er een antwoord nodig is",
       "never ask a question; stop when an answer is needed"},
      {"global.explain", "leg elk besluit uit: welke regels, en waarom",
       "explain every decision: which rules, and why"},
  });
  return kTexts;
}

}  // namespace sluis::cli
