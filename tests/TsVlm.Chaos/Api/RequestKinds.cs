namespace TsVlm.Chaos.Api;

/// <summary>What clients ask for, and how often: the shares of a hundred requests.</summary>
internal static class RequestKinds
{
    public const string List = "list";
    public const string Experiment = "experiment";
    public const string Results = "results";
    public const string Leaderboard = "leaderboard";
    public const string Datasets = "datasets";
    public const string FileOf = "file";
    public const string Submit = "submit";
    public const string SubmitWithKey = "submit with key";
    public const string SubmitAgain = "submit again";
    public const string SubmitInvalid = "submit invalid";
    public const string Cancel = "cancel";
    public const string Retry = "retry";

    /// <summary>A stream of events; its latency is the time until the first event.</summary>
    public const string Events = "events";

    /// <summary>82 reads, 12 submissions, 6 cancels and retries; streams are held by clients of their own.</summary>
    public static readonly IReadOnlyList<(string Kind, int Share)> Shares =
    [
        (List, 20), (Experiment, 20), (Results, 12), (Leaderboard, 10), (Datasets, 8), (FileOf, 12),
        (Submit, 6), (SubmitWithKey, 2), (SubmitAgain, 2), (SubmitInvalid, 2), (Cancel, 3), (Retry, 3),
    ];

    /// <summary>The kind in whose share a number from 0 to 99 lies.</summary>
    public static string At(int number)
    {
        foreach (var (kind, share) in Shares)
        {
            if (number < share) return kind;
            number -= share;
        }
        throw new ArgumentOutOfRangeException(nameof(number));
    }
}
