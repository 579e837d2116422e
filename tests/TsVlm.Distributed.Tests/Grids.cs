namespace TsVlm.Distributed.Tests;

/// <summary>Small experiments on one small built-in data set.</summary>
internal static class Grids
{
    /// <param name="name">Also keeps the runs of one test apart from another's.</param>
    /// <param name="epochs">0.1 is a second of training.</param>
    /// <param name="scenarios">The scenarios.</param>
    public static string Of(string name, double epochs, params string[] scenarios) => $$"""
        {
          "name": "{{name}}", "baselines": ["1nn-ed"],
          "defaults": {
            "representation": { "contextLength": 192, "downsampling": "block-mean", "numbers": { "digits": 1 }, "answers": "index", "arm": "text" },
            "recipe": { "trained": "projector-and-language-model", "epochs": {{FormattableString.Invariant($"{epochs}")}}, "microBatchSize": 4, "gradientAccumulation": 1,
              "learningRate": 1e-3, "projectorLearningRate": 1e-3 }
          },
          "scenarios": [ {{string.Join(", ", scenarios)}} ]
        }
        """;

    public static string Scenario(string name, string settings = "") => $$"""{ "name": "{{name}}"{{settings}} }""";
}
