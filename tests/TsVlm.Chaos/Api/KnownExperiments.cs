namespace TsVlm.Chaos.Api;

/// <summary>An experiment with a report, its files and the runs that succeeded.</summary>
internal sealed record FinishedExperiment(string Id, IReadOnlyList<string> Files, IReadOnlyList<string> Runs);

/// <summary>The experiments that clients look at: those with a report, and the newest that were submitted.</summary>
internal sealed class KnownExperiments(IReadOnlyList<FinishedExperiment> finished)
{
    private const int MaxSubmitted = 200;
    private readonly Lock access = new();
    private readonly List<string> submitted = [];
    private int place;

    public FinishedExperiment Finished(Random random) => finished[random.Next(finished.Count)];

    /// <summary>A submitted one; null while there is none.</summary>
    public string? Submitted(Random random)
    {
        lock (access) return submitted.Count == 0 ? null : submitted[random.Next(submitted.Count)];
    }

    public void Add(string id)
    {
        lock (access)
        {
            if (submitted.Count < MaxSubmitted) submitted.Add(id);
            else submitted[place++ % MaxSubmitted] = id;
        }
    }
}
