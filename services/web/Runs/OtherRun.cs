using TsVlm.Client;
using TsVlm.Contracts.Http;

namespace TsVlm.Web.Runs;

/// <summary>A run that is shown beside another.</summary>
/// <param name="Run">The run.</param>
/// <param name="Cases">Its predictions by the number of the case.</param>
/// <param name="Rationales">What its model wrote before it answered, by the number of the case; null where it writes nothing.</param>
internal sealed record OtherRun(RunResponse Run, IReadOnlyDictionary<int, PredictedCase> Cases, IReadOnlyDictionary<int, string>? Rationales)
{
    /// <summary>Asks the server for it.</summary>
    public static async Task<OtherRun> Read(TsVlmClient client, string id, CancellationToken cancellationToken)
    {
        var run = await client.ShowRun(id, cancellationToken);
        return new(run, (await RunDownload.Predictions(client, id, cancellationToken)).ToDictionary(one => one.Case),
            await RunDownload.Rationales(client, run, cancellationToken));
    }
}
