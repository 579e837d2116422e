namespace TsVlm.Cli;

/// <summary>The folder of an experiment: its artifacts, its run state and its results. One process at a time.</summary>
internal sealed class OutputFolder : IDisposable
{
    public const string RunStateName = "runs.db";
    private readonly FileStream held;

    public OutputFolder(string path)
    {
        Path = Directory.CreateDirectory(path).FullName;
        var lockPath = System.IO.Path.Combine(Path, ".lock");
        try
        {
            held = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException)
        {
            throw new IOException($"{lockPath}: another tsvlm is working in this folder. Wait for it, or choose another folder with --out.");
        }
    }

    public string Path { get; }

    public string Artifacts => System.IO.Path.Combine(Path, "artifacts");

    public string RunState => System.IO.Path.Combine(Path, RunStateName);

    public void Dispose() => held.Dispose();
}
