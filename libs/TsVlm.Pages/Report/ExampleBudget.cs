using TsVlm.Contracts;
using TsVlm.Evaluation.Results;

namespace TsVlm.Pages.Report;

/// <summary>How many examples of each kind a run may show, so that the page of a large experiment stays small enough to open.</summary>
/// <param name="MostOfAKind">Right examples, and as many wrong ones, of one run.</param>
/// <param name="Shown">Runs whose examples are shown at all.</param>
public sealed record ExampleBudget(int MostOfAKind, IReadOnlySet<RunSpec> Shown)
{
    private const int HighestOfAKind = 3;
    private const long MaxBytes = 4_500_000;

    /// <summary>As many as fit, equally for all runs; where not even one of a kind fits, for the first runs.</summary>
    public static ExampleBudget For(IReadOnlyList<ReportRun> runs)
    {
        for (var max = HighestOfAKind; max > 1; max--)
        {
            var count = max;
            if (runs.Sum(r => Bytes(r, count)) <= MaxBytes) return new(max, runs.Select(r => r.Run).ToHashSet());
        }
        var left = MaxBytes;
        var shown = runs.TakeWhile(r => (left -= Bytes(r, 1)) >= 0);
        return new(1, shown.Select(r => r.Run).ToHashSet());
    }

    /// <summary>The examples of one kind that are shown.</summary>
    public IReadOnlyList<TestExample> Of(ReportRun run, IReadOnlyList<TestExample> examples) =>
        Shown.Contains(run.Run) ? [.. examples.Take(MostOfAKind)] : [];

    /// <summary>Size on the page; base64 writes three bytes as four characters.</summary>
    private static long Bytes(ReportRun run, int count) =>
        run.RightExamples.Take(count).Concat(run.WrongExamples.Take(count))
        .Sum(e => ((e.Image?.LongLength ?? 0) * 4 / 3) + (e.Prompt?.Length ?? 0) + 1500);
}
