using TsVlm.Artifacts.Folders;
using TsVlm.Tests;

namespace TsVlm.Chaos;

/// <summary>The same experiment by <c>tsvlm run</c>: in one process, undisturbed.</summary>
internal static class OneProcess
{
    public static async Task<StoreContents> Run(string grid)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("grid.json"), grid);
        var output = folder.File("out");
        // One run at a time has as many threads as a trainer of its own: equal bits need that.
        string[] arguments =
        [
            "run", "--parallel", "1", "--datasets", string.Join(',', Grids.Datasets), "--scenarios", folder.File("grid.json"), "--out", output,
        ];
        var ended = await EndedProcess.Run(new("dotnet", [Service.Program("TsVlm.Cli", "tsvlm.dll"), .. arguments]));
        if (ended.ExitCode != 0) throw new ChaosException($"tsvlm run: {ended.Output}{ended.Error}");
        var store = new FolderArtifactStore(Path.Combine(output, "artifacts"));
        return await StoreContents.Of(store);
    }
}
