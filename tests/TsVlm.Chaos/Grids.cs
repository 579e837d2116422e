using System.Globalization;

namespace TsVlm.Chaos;

/// <summary>Small experiments on small built-in data sets.</summary>
internal static class Grids
{
    public static readonly string[] Datasets = ["CBF", "SyntheticControl"];

    /// <summary>
    /// As many scenarios as asked for, which differ in the learning rate, so that each trains a model of its own on samples that they
    /// share.
    /// </summary>
    /// <param name="name">The grid's name, and the beginning of its scenarios': other names make other runs of the same artifacts.</param>
    /// <param name="numScenarios">Number of scenarios.</param>
    /// <param name="epochs">0.1 is about a second of training.</param>
    /// <param name="baselines">Baselines beside them.</param>
    /// <param name="more">More scenarios, as JSON.</param>
    public static string Of(string name, int numScenarios, double epochs, string baselines = "", string more = "") => $$"""
        {
          "name": "{{name}}", "baselines": [{{baselines}}],
          "defaults": {
            "representation": { "contextLength": 160, "downsampling": "block-mean", "numbers": { "digits": 1 }, "answers": "index", "arm": "text" },
            "recipe": {
              "trained": "projector-and-language-model", "epochs": {{Text(epochs)}}, "microBatchSize": 4, "gradientAccumulation": 1,
              "projectorLearningRate": 1e-3
            }
          },
          "scenarios": [ {{string.Join(", ", Enumerable.Range(1, numScenarios).Select(i => Scenario($"{name}-{i}", i * 1e-4)))}}{{more}} ]
        }
        """;

    private static string Scenario(string name, double learningRate) =>
        $$"""{ "name": "{{name}}", "recipe": { "learningRate": {{Text(learningRate)}} } }""";

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
