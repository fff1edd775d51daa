"""Those who may not, and one who may on another basis: social services, the alderman, the mayor and the OM."""
from tale.asking import answer, answerable, ask, case_of, received, released, remember, waits, POLICE_FIELDS
from tale.step import Step

OM_FIELDS = ("p-naam", "ant-verdenking")
OM_FORMS = {"p-naam": "exact", "ant-verdenking": "category"}
MAYOR, OFFICIAL = "f-burgemeester", "om-007"

STEPS = [
    Step("social-denied", "f-sociaal", "The social services of the same town ask for the same police data.",
         ask("openbare-orde", "wpg-16-1-b", POLICE_FIELDS, "wpg-8", "verdachte", case_of("police"), "politie/informatie"),
         stdin=lambda play: play.cast["subject_bsn"], code=3, scenario="STORY-021", then=remember("social")),
    Step("alderman-denied", "f-wethouder", "The alderman asks OOV to read along.",
         ask("openbare-orde", "avg-6-1-e+gemeentewet-172", ("p-naam", "sig-feiten"), "avg", "bewoner", case_of("police"),
             "waterveen/oov", "bag"),
         stdin=lambda play: play.cast["premises_bag"], code=3, scenario="STORY-022", then=remember("alderman")),
    Step("mayor-asks-om", MAYOR, "The mayor asks the OM about the same person, in the same case.",
         ask("openbare-orde", "wjsg-39f", OM_FIELDS, "wjsg-strafvorderlijk", "verdachte", case_of("police"), "om/parket"),
         stdin=lambda play: play.cast["subject_bsn"], then=remember("om")),
    Step("om-inbox", OFFICIAL, "The question reaches the OM.", lambda play: ["inbox", "list"], then=waits("om", "QUESTION")),
    Step("om-show", OFFICIAL, "The OM official sees what may leave, under the OM's own law (Wjsg 39f).",
         lambda play: ["exchange", "show", play.notes["om"]], then=answerable(OM_FORMS)),
    Step("om-answer", OFFICIAL, "The official weighs it and answers from the OM's own register.",
         answer("om", "om/parket", "om-parket"), then=released),
    Step("om-open", MAYOR, "The mayor opens the answer.", lambda play: ["exchange", "open", play.notes["om"]],
         then=received("om", OM_FIELDS)),
]
