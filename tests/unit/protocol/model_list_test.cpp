#include "shared/protocol/model_list.h"

#include <gtest/gtest.h>

namespace lab {
namespace {

TEST(ModelList, WritesWhatClientsList) {
  const ModelEntry models[] = {{"gpt-4", 1, "openai"}, {"a\"b", 2, "system"}};
  EXPECT_EQ(write_model(models[0]),
            R"({"id":"gpt-4","object":"model","created":1,"owned_by":"openai"})");
  EXPECT_EQ(write_model_list(models),
            R"({"object":"list","data":[)"
            R"({"id":"gpt-4","object":"model","created":1,"owned_by":"openai"},)"
            R"({"id":"a\"b","object":"model","created":2,"owned_by":"system"}]})");
  EXPECT_EQ(write_model_list({}), R"({"object":"list","data":[]})");
}

}  // namespace
}  // namespace lab
