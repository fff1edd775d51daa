// The pack of the certification fixture, as this repository has it.
#pragma once

#include <memory>

#include "broker/authzen/entity_pack.h"

namespace sluis::authzen::testing {

inline std::unique_ptr<EntityPack> CertificationPack() {
  return EntityPack::Load("policy/foreign/authzen-certification.txtpb").value();
}

}  // namespace sluis::authzen::testing
