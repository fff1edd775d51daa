"""Lists that names are put together from. Surnames, streets and companies are invented."""

FIRST = ("Sanne Daan Zoë Bram Noëlle Joris Amélie Teun Fenna Milan Yusuf Fatima Emre Naima Pawel Agnieszka Lotte "
         "Siem André Renée Ruben Tess Koen Jill Sem Lieke Hugo Mirthe Björn Ilse Cas Roos Thijs Eva Jasper Maud "
         "Dirk Hélène Niels Anouk Rik Yara Stijn Merel Gijs Nova Okan Leyla Marek Zofia").split()
MIDDLE = ("Adriaan Catharina Elisabeth Frederik Geertruida Hendrik Isabella Johanna Karel Lucia Maria Nicolaas "
          "Petronella Quirijn Rosalie Simon Theodora Ulrike Victor Wilhelmina").split()
SURNAME_STARTS = ("Waterlinde Rietvoort Sternwolde Zandhaver Molenwiek Duinkern Kampwilg Broekster Lindevaart Haverzoom "
                  "Elzenkruin Vliedorp Kruidhorst Noorderlis Oeverbies Schelpweide Torenvlas Veenmolm Wierslag "
                  "Zilverreiger").split()
SURNAME_ENDS = "mans stra huis veld hoven waard beek linck sma kamp".split()
PARTICLES = ("", "", "", "van ", "de ", "van der ")

STREET_STARTS = ("Lisdodde Zwanebloem Kalmoes Waterdrieblad Pijlkruid Egelskop Moerasspirea Dotterbloem Gagel "
                 "Veenpluis Zeekraal Lamsoor Helmgras Duindoorn Parnassia Sleedoorn Kattenstaart Watermunt "
                 "Zonnedauw Blaasjeskruid").split()
STREET_ENDS = "kade straat laan plein weg hof singel dreef".split()

COMPANY_STARTS = ("Ampelia Borvek Cirneo Delmora Estaval Fennoria Galvex Hestora Imbrano Jorvalis Kestrelo Lumivar "
                  "Morvani Neskora Ostavia Parvex Quintaro Rovanti Selmora Tarvino Umbrela Vestoro Wexhal Xandori "
                  "Yarvelo Zentaro").split()
# Sector and SBI code.
SECTORS = (("Autohandel", "45112"), ("Autoverhuur", "77111"), ("Horeca", "56102"), ("Shisha Lounge", "56300"),
           ("Kamerverhuur", "68204"), ("Vastgoed", "68203"), ("Transport", "49410"), ("Bouw", "41200"),
           ("Schoonmaak", "81210"), ("Uitzendbureau", "78201"), ("Nagelstudio", "96022"), ("Kapsalon", "96021"),
           ("Tuinbouw", "01131"), ("Telecom", "47420"), ("Thuiszorg", "88101"), ("Jachthaven", "93291"))
LEGAL_FORMS = ("B.V.", "V.O.F.", "Eenmanszaak", "Stichting")

VEHICLES = ("Volkswagen Golf", "Opel Vivaro", "Renault Master", "Audi A4", "Kia Picanto", "Ford Transit",
            "Mercedes-Benz C", "Toyota Yaris", "Peugeot Partner", "BMW 3-serie")
USES = ("woonfunctie", "winkelfunctie", "industriefunctie", "bijeenkomstfunctie", "logiesfunctie", "kantoorfunctie")
ACTUAL_USES = {"woonfunctie": "kamerverhuur aan arbeidsmigranten", "winkelfunctie": "winkel met opslag achter",
               "industriefunctie": "loods met koelcellen", "bijeenkomstfunctie": "café met achterzaal",
               "logiesfunctie": "pension", "kantoorfunctie": "verhuur van postadressen"}

THEMES = ("drugscriminaliteit", "mensenhandel", "witwassen", "fraude-vastgoed", "milieucriminaliteit",
          "outlaw-motorcycle-gangs", "zorgfraude", "ondermijning-horeca")
# Kind of police report, kind of offence, what stands in the report.
INCIDENTS = (("overlast", "openbare orde", "Melding van geschreeuw en aanloop in de nacht."),
             ("inbraak", "vermogensdelict", "Slot van een bedrijfspand geforceerd."),
             ("bedreiging", "geweldsdelict", "Bedreiging aan de deur, woorden genoteerd."),
             ("drugsvondst", "opiumwetdelict", "Planten en lampen aangetroffen achter een schot."),
             ("verkeerscontrole", "verkeersdelict", "Groot bedrag aan contant geld in het voertuig."),
             ("heling", "vermogensdelict", "Goederen zonder aankoopbewijs in opslag."),
             ("wapenvondst", "wet wapens en munitie", "Wapen gevonden bij een doorzoeking."))
SIGHTINGS = (("bewoning", "Meer matrassen dan ingeschreven bewoners gezien."),
             ("handel", "Kort bezoek de hele dag, betaling contant."),
             ("stank", "Sterke hennepgeur en een afgeplakt raam."),
             ("bouw", "Binnenmuren geplaatst zonder vergunning."),
             ("geld", "Nieuwe inrichting die niet past bij de omzet."))
NUISANCES = ("geluid", "afval", "parkeren", "stank", "aanloop")
MEASURES = ("waarschuwing", "last onder dwangsom", "sluiting", "intrekking vergunning")
PERMITS = (("exploitatievergunning horeca", "horeca"), ("alcoholwetvergunning", "horeca"),
           ("kamerverhuurvergunning", "wonen"), ("evenementenvergunning", "evenement"),
           ("vergunning autoverhuur", "handel"), ("omgevingsvergunning", "bouw"))
