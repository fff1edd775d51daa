// A disclosure that two others must approve, and who may: a report about a child to the RIEC
// (C-05).
#pragma once

#include <string>

#include "broker/authzen/access_requests.h"
#include "broker/authzen/exchange_approval.h"
#include "lib/base/error.h"
#include "tests/broker/authzen/exchange_desk.h"
#include "tests/broker/authzen/questions.h"

namespace sluis::authzen::testing {

inline Desk YouthDirector() {
  return {exchange::testing::Oov().party, "f-jeugd", {"jeugdregisseur"}};
}
inline Desk Colleague() { return {exchange::testing::Oov().party, "f-oov-2", {}}; }

class ApprovalDesk : public ExchangeDesk {
 protected:
  static constexpr char kBase[] = "https://pdp.example";

  Json ReportIn(const CaseId& id, const Desk& desk = exchange::testing::Oov()) const {
    Json report = ReportAbout(id);
    report["subject"] = SubjectOf(desk);
    return report;
  }
  Json NewReport() { return ReportIn(NewCase(exchange::testing::Oov(), "signaal")); }

  // The request that the denial of `question` makes possible.
  Json RequestFor(const Json& question, const Desk& desk = exchange::testing::Oov()) {
    const Json context = Ask(desk, question).at("context");
    EXPECT_EQ(context.at("reason"), "approval_required") << context;
    Json request = question;
    request["denial"] = {{"evaluation_id", context.at("evaluation_id")},
                         {"evaluated_at", context.at("evaluated_at")},
                         {"reason", context.at("reason")}};
    if (context.contains("access_request")) {
      request["denial"]["expires_at"] = context["access_request"].at("expires_at");
      request["denial"]["template"] = context["access_request"].at("template");
    } else {
      request["denial"]["expires_at"] = context.at("evaluated_at");
    }
    return request;
  }
  absl::StatusOr<TaskAnswer> Put(const Json& request, const std::string& key = "k-1",
                                 const Desk& desk = exchange::testing::Oov()) {
    return requests.Ask(As(desk), key, request.dump(), kBase);
  }
  // Id of a fresh task for the question.
  ExchangeId TaskFor(const Json& question) {
    const std::string key = "k-" + std::to_string(++keys_);
    const TaskAnswer answer = Put(RequestFor(question), key).value();
    return ParseTaskId(answer.body.at("task").at("id").get<std::string>()).value();
  }
  absl::Status Judge(const ExchangeId& id, const Desk& desk, const std::string& role,
                     bool granted = true) {
    return Await<exchange::ExchangeResult>([&](exchange::Reply<exchange::ExchangeResult> reply) {
             service->ApproveOne(As(desk), Stamp("ApproveExchange"), {id, role, granted},
                                 std::move(reply));
           })
        .status();
  }
  ExchangeId ApprovedTask(const Json& question) {
    const ExchangeId id = TaskFor(question);
    EXPECT_TRUE(Judge(id, exchange::testing::PrivacyOfficer(), "privacy-officer").ok());
    EXPECT_TRUE(Judge(id, YouthDirector(), "jeugdregisseur").ok());
    EXPECT_EQ(StatusOf(id), "approved");
    return id;
  }
  std::string StatusOf(const ExchangeId& id, const Desk& desk = exchange::testing::Oov()) {
    const auto answer = requests.Look(As(desk), TaskIdOf(id), kBase);
    return answer.ok() ? answer->body.at("task").at("status").get<std::string>()
                       : ReasonOf(answer.status());
  }
  Json AskAgain(Json question, const ExchangeId& id, const Desk& desk = exchange::testing::Oov()) {
    question["context"]["approval"] = {{"id", ApprovalIdOf(id)}};
    return Ask(desk, question);
  }
  void ExpectNoUse(const Json& answer, const std::string& reason, const std::string& next_action) {
    EXPECT_EQ(answer.at("decision"), false) << answer;
    EXPECT_EQ(answer.at("context").at("reason"), reason) << answer;
    EXPECT_EQ(answer.at("context").at("next_action"), next_action) << answer;
    EXPECT_EQ(answer.at("context").contains("access_request"), next_action == "request") << answer;
    EXPECT_FALSE(answer.at("context").contains("obligations"));
  }
  absl::Status WithdrawOf(const Desk& desk, const ExchangeId& id) {
    return Await<exchange::ExchangeResult>([&](exchange::Reply<exchange::ExchangeResult> reply) {
             service->Withdraw(As(desk), Stamp("WithdrawExchange"), id, std::move(reply));
           })
        .status();
  }
  void Advance(const std::string& case_id, const std::string& phase) {
    const auto changed =
        Await<exchange::CaseResult>([&](exchange::Reply<exchange::CaseResult> reply) {
          service->ChangeCaseOf(As(exchange::testing::Oov()), Stamp("AdvanceCase"),
                                {CaseId::Parse(case_id).value(), phase, false, ""},
                                std::move(reply));
        });
    EXPECT_TRUE(changed.ok()) << changed.status();
  }

  AccessRequests requests{*service, point.denials(), clock};

 private:
  int keys_ = 0;
};

}  // namespace sluis::authzen::testing
