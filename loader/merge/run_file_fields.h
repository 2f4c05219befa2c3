// The keys of a run file's sections. See shared/base/fields.h.
#pragma once

#include "loader/merge/run_file.h"
#include "shared/base/fields.h"
#include "shared/base/json_reader.h"

namespace loader {

void fields(lab::Fields& f, DeclaredMetric& c);
void fields(lab::Fields& f, ThresholdsRecord& c);
void fields(lab::Fields& f, RunIdentity& c);
void fields(lab::Fields& f, RunEnd& c);
void fields(lab::Fields& f, ScenarioRecord& c);
void fields(lab::Fields& f, TickStretch& c);
void fields(lab::Fields& f, RunTick& c);
void fields(lab::Fields& f, MetricRecord& c);
void check(const lab::JsonValue& value, MetricRecord& c);
void fields(lab::Fields& f, GroupRecord& c);
void fields(lab::Fields& f, CheckRecord& c);
void fields(lab::Fields& f, MetricsRecord& c);
void fields(lab::Fields& f, DriftRecord& c);
void check(const lab::JsonValue& value, DriftRecord& c);
void fields(lab::Fields& f, TrendRecord& c);
void fields(lab::Fields& f, StrainRecord& c);
void check(const lab::JsonValue& value, StrainRecord& c);
void fields(lab::Fields& f, ErrorTally& c);
void check(const lab::JsonValue& value, ErrorTally& c);
void fields(lab::Fields& f, PartRecord& c);
void check(const lab::JsonValue& value, PartRecord& c);
void check(const lab::JsonValue& value, RunFile& c);

}  // namespace loader
