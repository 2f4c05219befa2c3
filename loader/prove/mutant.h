// A gateway and a network in which one thing is broken, to a degree: a family at a size.
#pragma once

#include <string>
#include <string_view>

#include "loader/prove/mutant_family.h"
#include "loader/prove/suite_habits.h"
#include "loader/world/simulation.h"
#include "shared/base/error.h"
#include "shared/base/owned_json.h"
#include "shared/sim/network_model.h"

namespace loader {

/// What is there without any mutant.
struct SoundWorld {
  lab::OwnedJson gateway;
  std::string gateway_file;  ///< For errors, and for the paths in it.
  lab::OwnedJson network;    ///< An object.
};

/// As the gateway file and the network file of such a world have it.
struct MutantWorld {
  lab::OwnedJson gateway;
  lab::OwnedJson network;
};

/// In a family's patch these texts stand for numbers, if they are all of a text, or for their
/// digits in a longer one:
///   <size>      the size
///   <fraction>  a hundredth of it, for probabilities
///   <middle>    when a stretch of <size> seconds in the middle of the run begins, in seconds
///   <share>     <size> percent of the suite's virtual users, at least 1
/// and <model> for the name of the suite's last model. An object {"times": x} in the place of a
/// value is that value of the sound gateway x times over: of a distribution its durations, or its
/// numbers. With a window other than the whole run, the changed sections of the gateway are a
/// stretch of its timeline; a network has no such thing, and goes wrong from the start.
[[nodiscard]] lab::Result<MutantWorld> make_mutant(const SoundWorld& sound,
                                                   const MutantFamily& family, MutantWindow window,
                                                   double size, const SuiteHabits& habits);

/// The same as what a simulation takes. The Error says what is wrong with the family's patch.
[[nodiscard]] GatewayText gateway_text(const MutantWorld& world, const std::string& file);
[[nodiscard]] lab::Result<lab::NetworkModel> network_model(const MutantWorld& world,
                                                           const std::string& file);

}  // namespace loader
