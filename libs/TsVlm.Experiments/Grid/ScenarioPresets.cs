namespace TsVlm.Experiments.Grid;

/// <summary>The grids that come with the program.</summary>
public static class ScenarioPresets
{
    /// <summary>Names of the presets.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "quick", "paper", "ablation", "images", "probe", "probe-views", "probe-tuned", "answer-fitted", "study-epochs", "study-arms", "study-text",
        "study-context", "study-data", "study-rationale",
    ];

    /// <summary>The preset of that name, or the grid file at that path.</summary>
    /// <exception cref="GridException">Neither a preset nor a readable grid file.</exception>
    public static ScenarioGrid Open(string nameOrPath) => Names.Contains(nameOrPath) ? Preset(nameOrPath) : ScenarioGrid.Read(nameOrPath);

    private static ScenarioGrid Preset(string name)
    {
        using var stream = typeof(ScenarioPresets).Assembly.GetManifestResourceStream($"presets/{name}.json")!;
        using var reader = new StreamReader(stream);
        return ScenarioGrid.Parse(reader.ReadToEnd(), $"preset {name}");
    }
}
