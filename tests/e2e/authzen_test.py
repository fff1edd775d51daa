"""AuthZEN against the real daemon: the certification scenario under its own tenant, and the policy of the exchange."""
import http.client
import json
import ssl
import unittest

import tokens
import whole
from stage import command
from stage.region import BROKER_HOST

STAFF, SUPERVISOR = "f-oov", "f-toezicht"
SCENARIO = json.loads((whole.SOURCE / "tests" / "scenarios" / "authzen-certification.json").read_text())


class AuthzenTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = whole.stage()
        cls.answers = {}

    def token(self, staff):
        desk = self.stage.region.desk_of(staff)
        return tokens.signed(self.stage, desk, tokens.claims_of(self.stage, desk, desk.person(staff)), "ES256")

    def ask(self, method, path, body=None, headers=None, staff=STAFF):
        """(status, headers, body) over TLS with the certificate of the person's desk; `body` is bytes or JSON."""
        home = self.stage.state.desk(self.stage.region.desk_of(staff))
        context = ssl.create_default_context(cafile=str(self.stage.state.public / "ca.pem"))
        context.check_hostname = False
        context.load_cert_chain(home / "tls.pem", home / "tls.key")
        connection = http.client.HTTPSConnection("127.0.0.1", self.stage.broker.ports["authzen"], context=context,
                                                 timeout=10)
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.token(staff)}", "Content-Type": "application/json", "Host": BROKER_HOST}
        try:
            connection.request(method, path, content, {**sent, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    # ---- the certification scenario ----

    def test_the_certification_scenario(self):
        for test in SCENARIO["tests"]:
            with self.subTest(test["id"]):
                for _ in range(test.get("repeat", 1)):
                    self.run_one(test)

    def run_one(self, test):
        path = test["path"]
        path = f"{path}/certification" if path.startswith("/.well-known") else f"/certification{path}"
        body = test["raw_body"].encode() if "raw_body" in test else self.filled(test.get("request"))
        status, headers, content = self.ask(test["method"], path, body, test.get("headers"))
        expect = test["expect"]
        self.assertEqual(status, expect["status"], content)
        if status != 200:
            self.assertNotIn(b"true", content)
            return
        self.assertEqual(headers["Content-Type"], "application/json")
        answer = self.answers[test["id"]] = json.loads(content)
        if "decision" in expect:
            self.assertIs(answer["decision"], expect["decision"])
        for wanted, got in zip(expect.get("evaluations", []), answer.get("evaluations", [])):
            self.assertIsInstance(got["decision"], bool)
            if isinstance(wanted["decision"], bool):
                self.assertIs(got["decision"], wanted["decision"])
        self.assertEqual(len(expect.get("evaluations", [])) or len(answer.get("evaluations", [])),
                         len(answer.get("evaluations", [])))
        for wanted in expect.get("results_include", []):
            self.assertIn(wanted, answer["results"])
        if "results" in expect:
            self.assertEqual(answer["results"], expect["results"])
        if "results_equal_to" in expect:
            self.assertEqual(answer["results"], self.answers[expect["results_equal_to"]]["results"])
        for name, value in expect.get("response_headers", {}).items():
            self.assertEqual(headers[name], value)
        for member in expect.get("https_urls", []):
            self.assertTrue(answer[member].startswith(f"https://{BROKER_HOST}/certification/"), answer)
        if expect.get("policy_decision_point_equals_base_url"):
            self.assertEqual(answer["policy_decision_point"], f"https://{BROKER_HOST}/certification")

    def filled(self, request):
        if request and "token" in request.get("page", {}):
            token = self.answers["c-4-5-1"]["page"]["next_token"]
            return {**request, "page": {**request["page"], "token": token}}
        return request

    # ---- the policy of the exchange ----

    def question(self, case):
        police = self.stage.region.desks["politie/informatie"]
        return {"subject": {"type": "functionary", "id": STAFF},
                "action": {"name": "request", "properties": {"purpose": "openbare-orde", "basis": "wpg-16-1-b"}},
                "resource": {"type": "case-signal", "id": case, "properties": {
                    "provider_organisation": police.oin, "provider_unit": police.unit, "regime": "wpg-8",
                    "subject_category": "verdachte", "fields": ["p-naam", "pand-adres"]}}}

    def new_case(self, staff=STAFF, phase="casus"):
        created = self.stage.sluis.type(staff, "case", "create", "--phase", phase)
        self.assertEqual(created.code, command.OK, created.err)
        return created.json["name"].removeprefix("cases/")

    def answered(self, path, question, staff=STAFF):
        status, _, content = self.ask("POST", path, question, staff=staff)
        self.assertEqual(status, 200, content)
        return json.loads(content)

    def signal(self):
        """What a supervisor may tell OOV of the same town, without an approval."""
        oov = self.stage.region.desk_of(STAFF)
        return {"subject": {"type": "functionary", "id": SUPERVISOR},
                "action": {"name": "disclose", "properties": {"purpose": "signaal-intake",
                                                              "basis": "avg-6-1-e+gemeentewet-172"}},
                "resource": {"type": "case-signal", "id": self.new_case(SUPERVISOR, "signaal"), "properties": {
                    "recipient_organisation": oov.oin, "recipient_unit": oov.unit, "regime": "avg",
                    "subject_category": "bewoner", "fields": ["sig-thema", "p-naam"]}}}

    def test_a_question_about_an_exchange_is_decided(self):
        question = self.question(self.new_case())
        answer = self.answered("/access/v1/evaluation", question)
        self.assertIs(answer["decision"], False)
        self.assertEqual(answer["context"]["reason"], "approval_required", answer)
        elsewhere = {**question, "subject": {"type": "functionary", "id": "somebody"}}
        self.assertEqual(self.answered("/access/v1/evaluation", elsewhere)["context"]["reason"], "subject_mismatch")

    def test_a_full_batch_is_decided_whole(self):
        batch = {**self.question(self.new_case()), "evaluations": [{}] * 1000}
        answer = self.answered("/access/v1/evaluations", batch)
        self.assertEqual([one["context"]["reason"] for one in answer["evaluations"]], ["approval_required"] * 1000)

    def test_what_a_search_shows_is_true_alone(self):
        question = self.signal()
        self.assertIs(self.answered("/access/v1/evaluation", question, SUPERVISOR)["decision"], True)
        for searched in ("subject", "action", "resource"):
            search = json.loads(json.dumps(question))
            if searched == "resource":
                for left_open in ("recipient_organisation", "recipient_unit"):
                    del search["resource"]["properties"][left_open]
            results = self.answered(f"/access/v1/search/{searched}", search, SUPERVISOR)["results"]
            self.assertTrue(results, searched)
            for result in results:
                self.assertTrue(result.pop("obligations"))
                alone = self.answered("/access/v1/evaluation", {**question, searched: result}, SUPERVISOR)
                self.assertIs(alone["decision"], True, result)

    # ---- approvals that are asked for ----

    def report(self):
        """About a child, from OOV to the RIEC: two of three others must approve."""
        riec = self.stage.region.desk_of("f-riec-bureau")
        return {"subject": {"type": "functionary", "id": STAFF},
                "action": {"name": "disclose", "properties": {"purpose": "riec-signaalweging", "basis": "wgs-riec"}},
                "resource": {"type": "case-signal", "id": self.new_case(phase="signaal"), "properties": {
                    "recipient_organisation": riec.oin, "recipient_unit": riec.unit, "regime": "avg",
                    "subject_category": "minderjarige", "fields": ["sig-thema", "sig-feiten"]}}}

    def request_for(self, question):
        context = self.answered("/access/v1/evaluation", question)["context"]
        self.assertEqual(context["reason"], "approval_required", context)
        asked = context["access_request"]
        return {**question, "context": {"motivering": "Overleg 24-11"}, "requested_access": {"emergency": False},
                "denial": {"evaluation_id": context["evaluation_id"], "evaluated_at": context["evaluated_at"],
                           "expires_at": asked["expires_at"], "reason": context["reason"], "template": asked["template"]}}

    def put(self, request, key):
        status, headers, content = self.ask("POST", "/access/v1/requests", request, {"Idempotency-Key": key})
        return status, headers, json.loads(content)

    def task(self, task, staff=STAFF):
        status, headers, content = self.ask("GET", task["status_endpoint"].removeprefix(f"https://{BROKER_HOST}"),
                                            staff=staff)
        return status, headers, json.loads(content)

    def approve(self, staff, task, role):
        return self.stage.sluis.type(staff, "exchange", "approve", task["exchange"], "--role", role)

    def assert_problem(self, answer, status, kind):
        self.assertEqual(answer[0], status, answer)
        self.assertEqual(answer[1]["Content-Type"], "application/problem+json")
        self.assertEqual(answer[2]["type"], f"urn:openid:authzen:access-request:error:{kind}")

    def test_an_approval_is_asked_for_given_in_sluis_and_brought_along(self):
        question = self.report()
        status, headers, body = self.put(self.request_for(question), "approve-1")
        task = body["task"]
        self.assertEqual((status, headers["Location"]), (202, task["status_endpoint"]), body)
        # Not by who asks, not by who has no such role, and not by one alone.
        self.assertNotEqual(self.approve(STAFF, task, "jeugdregisseur").code, command.OK)
        self.assertNotEqual(self.approve("f-oov-teamleider", task, "privacy-officer").code, command.OK)
        for staff, role in (("f-privacy", "privacy-officer"), ("f-jeugd", "jeugdregisseur")):
            status, headers, body = self.task(task)
            self.assertEqual((status, body["task"]["status"]), (200, "pending"))
            self.assertTrue(int(headers["Retry-After"]))
            said = self.approve(staff, task, role)
            self.assertEqual(said.code, command.OK, said.err)
        approved = self.task(task)[2]
        self.assertEqual(approved["task"]["status"], "approved", approved)
        self.assertIs(self.answered("/access/v1/evaluation", question)["decision"], False)
        again = {**question, "context": {"approval": approved["result"]["approval"]}}
        answer = self.answered("/access/v1/evaluation", again)
        self.assertIs(answer["decision"], True, answer)
        self.assertTrue(answer["context"]["obligations"])
        more = json.loads(json.dumps(again))
        more["resource"]["properties"]["fields"].append("sig-bron")
        context = self.answered("/access/v1/evaluation", more)["context"]
        self.assertEqual((context["reason"], context["next_action"]), ("out_of_scope", "request"))
        # It is the exchange itself, and goes on there.
        shown = self.stage.sluis.type(STAFF, "exchange", "show", task["exchange"])
        self.assertEqual((shown.code, shown.json["state"]), (command.OK, "FORWARDED"), shown.err)

    def test_a_task_outlives_the_broker_and_a_denial_does_not(self):
        request = self.request_for(self.report())
        task = self.put(request, "restart-1")[2]["task"]
        self.stage.broker.restart()
        self.assertEqual(self.put(request, "restart-1")[2]["task"], task)
        self.assertEqual(self.task(task)[2]["task"], task)
        self.assert_problem(self.put(request, "restart-2"), 400, "invalid_denial_binding")
        self.assert_problem(self.put({**request, "context": {}}, "restart-1"), 409, "duplicate_request")

    def test_a_task_is_seen_and_taken_back_by_who_asked_it(self):
        task = self.put(self.request_for(self.report()), "cancel-1")[2]["task"]
        self.assert_problem(self.task(task, "f-jeugd"), 404, "unknown_task")
        path = task["links"]["cancel"].removeprefix(f"https://{BROKER_HOST}")
        status, headers, content = self.ask("POST", path, staff="f-jeugd")
        self.assert_problem((status, headers, json.loads(content)), 404, "unknown_task")
        status, _, content = self.ask("POST", path)
        self.assertEqual((status, json.loads(content)["task"]["status"]), (200, "cancelled"))
        status, headers, content = self.ask("POST", path)
        self.assert_problem((status, headers, json.loads(content)), 409, "invalid_task_state")
        self.assertEqual(self.approve("f-privacy", task, "privacy-officer").reason, "EXCHANGE_CLOSED")

    def test_the_metadata_say_where_to_ask(self):
        status, _, content = self.ask("GET", "/.well-known/authzen-configuration")
        self.assertEqual(status, 200)
        self.assertEqual(json.loads(content)["access_request_endpoint"], f"https://{BROKER_HOST}/access/v1/requests")

    def test_without_an_assertion_nothing_is_decided(self):
        status, headers, content = self.ask("POST", "/access/v1/evaluation", self.question("0" * 32),
                                            {"Authorization": "Bearer x"})
        self.assertEqual(status, 401, content)
        self.assertEqual(headers["WWW-Authenticate"], "Bearer")


if __name__ == "__main__":
    whole.main()
