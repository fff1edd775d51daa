// What this transcryptor itself makes of a decision statement (pseudonyms.md §8.2): its pack, its
// directory, the arrangements that it holds, and for a reversal the officers that it knows.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/storage/transcryptor_store.h"
#include "lib/identity/arrangement.h"
#include "lib/identity/directory.h"
#include "lib/pseudonym/approval.h"
#include "lib/pseudonym/request_check.h"
#include "policy/engine/pack.h"

namespace sluis::transcryptor {

// The pack in force, and the one before it while a change-over lasts.
struct PolicyInForce {
  std::shared_ptr<const policy::Pack> pack;
  Digest digest{};
  std::shared_ptr<const policy::Pack> previous;  // null: none
  Digest previous_digest{};
  absl::Time previous_until = absl::InfinitePast();
  absl::Time stale_after = absl::InfiniteFuture();  // then the pack is too old and permits nothing
  bool is_stale = false;                            // PolicyAt found it so
};

// What counts at this time: without the previous pack once it has ended, and with no pack at all
// once the one in force is too old.
PolicyInForce PolicyAt(PolicyInForce policy, absl::Time now);

// For one call: it carries the approvals that came with it. What it is given outlives it.
class Judge : public pseudonym::MandateJudge {
 public:
  struct Case {
    PolicyInForce policy;
    std::shared_ptr<const identity::Directory> directory;
    std::vector<pseudonym::Approval> approvals;  // with the request
    std::vector<Ed25519PublicKey> officers;      // who may approve a reversal
    std::optional<pseudonym::Domain> index;      // of an enrolment or inquiry: into which domain;
    std::string origin;                          // of an enrolment: of which kind of subject
  };
  Judge(Case the_case, storage::StateStore& store) : case_(std::move(the_case)), store_(store) {}

  std::vector<Digest> Packs() const override;
  absl::Status Permits(const pseudonym::DecisionStatement& statement, pseudonym::RequestKind kind,
                       const Digest& request_digest, absl::Time now) override;

 private:
  absl::Status PackPermits(const pseudonym::DecisionStatement& statement,
                           pseudonym::RequestKind kind, absl::Time now);
  absl::StatusOr<const identity::Register*> RegisterOf(
      const pseudonym::DecisionStatement& statement) const;
  absl::Status EnrolmentPermits(const pseudonym::DecisionStatement& statement) const;
  absl::Status InquiryPermits(const pseudonym::DecisionStatement& statement) const;
  const Case case_;
  storage::StateStore& store_;
};

// Every arrangement kept that names one of the organisations, once.
absl::StatusOr<std::vector<identity::Arrangement>> ArrangementsOf(
    storage::StateStore& store, const std::vector<std::string>& organisations);

}  // namespace sluis::transcryptor
