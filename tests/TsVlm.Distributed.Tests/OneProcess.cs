using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using TsVlm.Tests;

namespace TsVlm.Distributed.Tests;

/// <summary>The same experiment by <c>tsvlm run</c>, in one process, and what stores hold in comparison.</summary>
internal static class OneProcess
{
    /// <summary>Files that tell how long something took, and so differ between any two attempts.</summary>
    private static readonly string[] Times = ["stage.json", "result.json"];

    public static async Task<string> Run(string grid, TemporaryFolder folder, IReadOnlyDictionary<string, string>? settings = null)
    {
        var file = folder.File("grid.json");
        await File.WriteAllTextAsync(file, grid);
        var output = folder.File("out");
        var start = new ProcessStartInfo(
            "dotnet", [ServiceProcess.Program("TsVlm.Cli", "tsvlm.dll"), "run", "--parallel", "1", "--datasets", "CBF",
                "--scenarios", file, "--out", output]);   // as many threads as a trainer of its own: equal bits need that
        foreach (var (key, value) in settings ?? new Dictionary<string, string>()) start.Environment[key] = value;
        var ended = await EndedProcess.Run(start);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        return Path.Combine(output, "artifacts");
    }

    /// <summary>
    /// Every file of every samples, checkpoint and evaluation artifact of a store, with the hash of its bytes, but for those that tell
    /// times.
    /// </summary>
    public static SortedDictionary<string, string> Contents(string store)
    {
        var contents = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var kind in (string[])["samples", "checkpoint", "evaluation"])
        {
            foreach (var path in Directory.GetFiles(Path.Combine(store, kind), "manifest.json", SearchOption.AllDirectories))
            {
                var (folder, manifest) = (Path.GetDirectoryName(path)!, JsonNode.Parse(File.ReadAllText(path))!);
                foreach (var name in manifest["files"]!.AsArray().Select(entry => (string)entry!["name"]!)
                    .Where(name => !Times.Contains(name)))
                {
                    using var file = File.OpenRead(Path.Combine(folder, (string)manifest["attempt"]!, name));
                    contents[$"{Path.GetRelativePath(store, folder)}/{name}"] = Convert.ToHexStringLower(SHA256.HashData(file));
                }
            }
        }
        return contents;
    }
}
