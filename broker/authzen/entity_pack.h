// A decision point over a pack of foreign entities (proto/sluis/policy/v1/entity_pack.proto): the
// same protocol about other things than exchanges. Rules combine as those of a policy pack do.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "broker/authzen/decision_point.h"
#include "lib/base/bytes.h"
#include "sluis/policy/v1/entity_pack.pb.h"

namespace sluis::authzen {

// Thread-safe: nothing changes after construction.
class EntityPack : public DecisionPoint {
 public:
  // CONFIG_INVALID with file, line and column for text that cannot be read, or naming what is
  // wrong: an entity or rule that stands twice, a property without value, a rule about a type, an
  // id or an action that the pack does not know.
  static absl::StatusOr<std::unique_ptr<EntityPack>> Load(const std::filesystem::path& file);
  static absl::StatusOr<std::unique_ptr<EntityPack>> Parse(std::string_view text,
                                                           const std::string& file_name);

  bool Permits(const Question& question) const;
  std::vector<Json> Find(Searched searched, const Question& question) const;
  // Name, version and digest of the text.
  const std::string& policy() const { return policy_; }

  absl::StatusOr<std::unique_ptr<Hearing>> Open(const exchange::Caller& caller) override;
  std::vector<std::string> Obligations() const override { return {}; }

 private:
  // Known properties by type and id.
  using Known = std::map<std::pair<std::string, std::string>, Json>;
  explicit EntityPack(policy::v1::EntityPack pack) : pack_(std::move(pack)) {}
  absl::Status Index();
  absl::Status CheckRule(const policy::v1::EntityRule& rule) const;
  bool IsAction(std::string_view name) const;

  const policy::v1::EntityPack pack_;
  Known subjects_, resources_;
  std::string policy_;
};

}  // namespace sluis::authzen
