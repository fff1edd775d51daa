#include <array>

#include "clients/cli/frame/text_parts.h"

namespace sluis::cli {

std::span<const Entry> IndexTexts() {
  static constexpr auto kTexts = std::to_array<Entry>({
      {"index", "de index van uw register, voor blinde vragen", "the index of your register, for blind questions"},
      {"index.enrol",
       "Schrijft een register in: beide omzetters veranderen elk nummer, en geen van beide ziet er een. Gaat na een "
       "onderbreking verder waar het was.",
       "Enrols a register: both transcryptors change each number, and neither sees one. Goes on where it was after an "
       "interruption."},
      {"index.enrol.register", "register zoals de gids het noemt", "register as the directory names it"},
      {"index.enrol.mapping", "beschrijving van uw registerbestand", "mapping of your register"},
      {"index.enrol.registers", "map met de registerbestanden (anders die van de beschrijving)",
       "folder of the register files (else that of the mapping)"},
      {"index.enrol.skip-bad", "sla regels over die niet kloppen; zonder dit begint er niets",
       "pass over rows that are wrong; without it nothing begins"},
      {"index.show", "Laat zien welke registers een index hebben, en hoe het ermee staat.",
       "Shows which registers have an index, and in what state."},
      {"index.drop", "Verwijdert een index van deze machine.", "Removes an index from this machine."},
      {"index.drop.register", "register zoals de gids het noemt", "register as the directory names it"},
      {"index.drop.yes", "vraag niet om bevestiging", "do not ask for confirmation"},

      {"talk.enrolling", "$0 van $1 nummers ingeschreven", "$0 of $1 numbers enrolled"},
      {"talk.enrolled", "De index is volledig: blinde vragen worden er nu in opgezocht.",
       "The index is complete: blind questions are looked up in it from now on."},
      {"talk.ask_drop_index", "Index van $0 verwijderen? Tot u opnieuw inschrijft kunt u geen blinde vraag beantwoorden.",
       "Remove the index of $0? Until you enrol again you can answer no blind question."},
      {"talk.index_dropped", "De index is verwijderd.", "The index is removed."},

      {"column.subjects", "Nummers", "Numbers"},
      {"column.added", "Nieuw", "New"},
      {"column.kept", "Gebleven", "Kept"},
      {"column.dropped", "Vervallen", "Dropped"},
      {"column.rows", "Regels", "Rows"},
      {"column.bad", "Fout", "Wrong"},
      {"column.bad_rows", "Foute regels", "Wrong rows"},
      {"column.epoch", "Periode", "Epoch"},

      {"error.REGISTER_BAD_ROWS", "in het register staan regels die niet kloppen", "the register holds rows that are wrong"},
      {"error.REGISTER_BAD_ROWS.do", "verbeter ze, of sla ze over met `--skip-bad`", "mend them, or pass over them with `--skip-bad`"},
      {"error.NOTHING_TO_ENROL", "er is niets om in te schrijven", "there is nothing to enrol"},
      {"error.NOTHING_TO_ENROL.do", "kijk of regime en soorten nummers van de gids bij uw register horen",
       "see whether regime and kinds of number in the directory fit your register"},
      {"error.SOURCE_CHANGED", "het registerbestand veranderde terwijl het gelezen werd",
       "the register file changed while it was read"},
      {"error.SOURCE_CHANGED.do", "schrijf het register opnieuw in", "enrol the register again"},
      {"error.INDEX_BUSY", "een ander programma werkt aan deze index", "another program works on this index"},
      {"error.INDEX_BUSY.do", "wacht tot dat klaar is", "wait until that is done"},
      {"error.INDEX_INCOMPLETE", "de index is nog niet volledig", "the index is not complete yet"},
      {"error.INDEX_INCOMPLETE.do", "maak hem af met `sluis index enrol`", "complete it with `sluis index enrol`"},
      {"error.INDEX_OF_ANOTHER_EPOCH", "de index hoort bij een andere periode of andere sleutels",
       "the index is of another epoch or other keys"},
      {"error.INDEX_OF_ANOTHER_EPOCH.do", "schrijf het register opnieuw in met `sluis index enrol`",
       "enrol the register again with `sluis index enrol`"},
  });
  return kTexts;
}

}  // namespace sluis::cli
