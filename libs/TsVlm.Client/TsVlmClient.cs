using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using TsVlm.Contracts;
using TsVlm.Contracts.Http;

namespace TsVlm.Client;

/// <summary>
/// The HTTP API of a scenarios service. A server that does not answer, or asks for patience, is asked again for a while; one that refuses
/// is not. Every call throws <see cref="ServerException"/> where the server refuses or cannot be reached.
/// </summary>
/// <param name="address">The service's address, such as http://localhost:8080.</param>
/// <param name="key">Its key; null for none.</param>
/// <param name="clock">Waits between two attempts.</param>
public sealed class TsVlmClient(Uri address, string? key, TimeProvider clock) : IDisposable
{
    private const string EventType = "text/event-stream";
    private const int MaxAtATime = 1000;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);   // the server says something every 15 s
    private readonly ServerCalls calls = new(address, key, clock);

    /// <summary>The server's address, as people write it.</summary>
    public string Shown => calls.Shown;

    /// <summary>Data sets of the server's catalog.</summary>
    public Task<Page<DatasetSize>> ListDatasets(CancellationToken cancellationToken, int offset = 0, int? limit = null) =>
        Get<Page<DatasetSize>>(ApiOperations.ListDatasets.At() + Part(offset, limit), cancellationToken);

    /// <summary>The stored data set of that content; null for none.</summary>
    public async Task<StoredDataset?> FindDataset(string contentHash, CancellationToken cancellationToken)
    {
        using var answer = await calls.SendOrNull(() => new(HttpMethod.Get, ApiOperations.FindDataset.At(contentHash)), cancellationToken);
        return answer is null ? null : await calls.Read<StoredDataset>(answer, cancellationToken);
    }

    /// <summary>Stores a data set in canonical form, opened anew at every attempt.</summary>
    public Task<DatasetReference> StoreDataset(Func<Stream> open, CancellationToken cancellationToken) =>
        Ask<DatasetReference>(() => new(HttpMethod.Post, ApiOperations.StoreDataset.At())
        {
            Content = new StreamContent(open()) { Headers = { ContentType = new("application/octet-stream") } },
        }, cancellationToken);

    /// <summary>What a data set holds, with some of its classes and their means.</summary>
    /// <param name="name">The data set.</param>
    /// <param name="contentHash">Its content, where it is one of the store; null for one of the catalog.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="offset">Place of the first class.</param>
    /// <param name="limit">Number of classes at most.</param>
    /// <param name="columns">Columns of time at most.</param>
    /// <param name="channel">The first channel.</param>
    public Task<DatasetDetails> ShowDataset(string name, string? contentHash, CancellationToken cancellationToken, int offset = 0,
        int? limit = null, int? columns = null, int channel = 0) => Get<DatasetDetails>(
            ApiOperations.ShowDataset.At(name) + Part(offset, limit) + View(contentHash, columns, channel), cancellationToken);

    /// <summary>Series of a data set, each in a few columns of time.</summary>
    /// <param name="name">The data set.</param>
    /// <param name="contentHash">Its content, where it is one of the store; null for one of the catalog.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="label">The class; null for all.</param>
    /// <param name="number">The case; null for all of the class.</param>
    /// <param name="offset">Place of the first series.</param>
    /// <param name="limit">Number of series at most.</param>
    /// <param name="columns">Columns of time at most.</param>
    /// <param name="channel">The first channel.</param>
    public Task<Page<SeriesOutline>> ShowSeries(string name, string? contentHash, CancellationToken cancellationToken, string? label = null,
        int? number = null, int offset = 0, int? limit = null, int? columns = null, int channel = 0) => Get<Page<SeriesOutline>>(
            ApiOperations.ShowSeries.At(name) + Part(offset, limit) + View(contentHash, columns, channel)
            + (label is null ? "" : $"&class={Uri.EscapeDataString(label)}") + (number is null ? "" : $"&case={number}"), cancellationToken);

    /// <summary>Audits a data set with the scenarios of a preset; refused by a server that makes no audits.</summary>
    public Task<DatasetAuditResponse> AuditDataset(string name, string? contentHash, string preset, CancellationToken cancellationToken) =>
        Get<DatasetAuditResponse>($"{ApiOperations.AuditDataset.At(name)}?scenarios={Uri.EscapeDataString(preset)}"
            + (contentHash is null ? "" : $"&content={contentHash}"), cancellationToken);

    /// <summary>Submits an experiment, once however often it is tried.</summary>
    public Task<SubmissionResponse> Submit(ExperimentSubmission submission, CancellationToken cancellationToken)
    {
        var idempotencyKey = $"{Guid.NewGuid():n}";
        return Ask<SubmissionResponse>(() => new(HttpMethod.Post, ApiOperations.SubmitExperiment.At())
        {
            Content = JsonContent.Create(submission, new MediaTypeHeaderValue("application/json"), ServerCalls.Format),
            Headers = { { "Idempotency-Key", idempotencyKey } },
        }, cancellationToken);
    }

    /// <summary>The grids that are part of the program.</summary>
    public Task<Page<PresetResponse>> ListPresets(CancellationToken cancellationToken, int offset = 0, int? limit = null) =>
        Get<Page<PresetResponse>>(ApiOperations.ListPresets.At() + Part(offset, limit), cancellationToken);

    /// <summary>Opens the JSON schema of grids, with what each setting does.</summary>
    public Task<Stream> OpenGridSchema(CancellationToken cancellationToken) => OpenFile(ApiOperations.GridSchema.At(), cancellationToken);

    /// <summary>What a submission would be; refuses what the submission would refuse.</summary>
    public Task<PlannedExperiment> Plan(ExperimentSubmission submission, CancellationToken cancellationToken) =>
        Ask<PlannedExperiment>(() => new(HttpMethod.Post, ApiOperations.PlanExperiment.At())
        {
            Content = JsonContent.Create(submission, new MediaTypeHeaderValue("application/json"), ServerCalls.Format),
        }, cancellationToken);

    /// <summary>Experiments, the newest first.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="offset">Place of the first.</param>
    /// <param name="limit">Number at most.</param>
    /// <param name="search">A part of the title, or the beginning of the id; null for all.</param>
    /// <param name="ended">Those whose report has ended, or those whose has not; null for all.</param>
    public Task<Page<ExperimentOverview>> ListExperiments(CancellationToken cancellationToken, int offset = 0, int? limit = null,
        string? search = null, bool? ended = null) => Get<Page<ExperimentOverview>>(
            ApiOperations.ListExperiments.At() + Part(offset, limit) + (search is null ? "" : $"&search={Uri.EscapeDataString(search)}")
            + ended switch { null => "", true => "&ended=true", false => "&ended=false" }, cancellationToken);

    /// <summary>An experiment with some of its runs.</summary>
    /// <param name="id">The experiment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="offset">Place of the first run.</param>
    /// <param name="limit">Number of runs at most.</param>
    /// <param name="specs">Whether each run comes with its settings.</param>
    public Task<ExperimentResponse> ShowExperiment(string id, CancellationToken cancellationToken, int offset = 0, int? limit = null,
        bool specs = false) =>
        Get<ExperimentResponse>(
            $"{ApiOperations.ShowExperiment.At(id)}{Part(offset, limit)}{(specs ? "&specs=true" : "")}", cancellationToken);

    /// <summary>What the open runs of an experiment still take, as far as earlier runs tell it.</summary>
    public Task<TimeLeft> TimeLeft(string id, CancellationToken cancellationToken) => Get<TimeLeft>(ApiOperations.TimeLeft.At(id), cancellationToken);

    /// <summary>Cancels what is left of an experiment; the server may go on with that after its answer.</summary>
    public Task<CancelledExperiment> Cancel(string id, CancellationToken cancellationToken) =>
        Ask<CancelledExperiment>(() => new(HttpMethod.Post, ApiOperations.CancelExperiment.At(id)), cancellationToken);

    /// <summary>Lets the failed and cancelled runs of an experiment run again.</summary>
    public Task<RetriedExperiment> Retry(string id, CancellationToken cancellationToken) =>
        Ask<RetriedExperiment>(() => new(HttpMethod.Post, ApiOperations.RetryExperiment.At(id)), cancellationToken);

    /// <summary>
    /// Follows an experiment to its end: first what has ended so far, then what happens. One connection: where it is lost, or nothing is
    /// heard for a minute, the caller opens another, which begins anew.
    /// </summary>
    /// <exception cref="HttpRequestException">The connection is lost.</exception>
    /// <exception cref="TimeoutException">Nothing was heard.</exception>
    public async IAsyncEnumerable<SseItem<ExperimentEvent>> Follow(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(Silence);
        using var answer = await calls.Open(ApiOperations.FollowExperiment.At(id), EventType, cancellationToken);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await using var events = SseParser.Create(stream, (_, json) => calls.Parse<ExperimentEvent>(json)).EnumerateAsync(silence.Token)
            .GetAsyncEnumerator(silence.Token);
        while (true)
        {
            try
            {
                if (!await events.MoveNextAsync()) yield break;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"nothing was heard for {Silence.TotalSeconds:0} s");
            }
            silence.CancelAfter(Silence);
            yield return events.Current;
        }
    }

    /// <summary>The metrics of an experiment's finished runs, in order.</summary>
    public IAsyncEnumerable<RunResult> Results(string id, CancellationToken cancellationToken) =>
        All<RunResult>(ApiOperations.Results.At(id), cancellationToken);

    /// <summary>Opens results.csv of an experiment that has ended.</summary>
    /// <param name="id">The experiment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="raw">Leaves texts as they are that a spreadsheet may take for formulas.</param>
    public Task<Stream> OpenResultsCsv(string id, CancellationToken cancellationToken, bool raw = false) =>
        OpenFile(ApiOperations.ResultsCsv.At(id) + (raw ? "?raw=true" : ""), cancellationToken);

    /// <summary>Opens the report of an experiment that has ended.</summary>
    public Task<Stream> OpenReport(string id, CancellationToken cancellationToken) =>
        OpenFile(ApiOperations.Report.At(id), cancellationToken);

    /// <summary>Scenarios by mean rank over data sets, of one experiment or of all.</summary>
    public Task<Leaderboard> Leaderboard(string? id, CancellationToken cancellationToken, int offset = 0, int? limit = null)
    {
        var path = id is null ? ApiOperations.Leaderboard.At() : ApiOperations.LeaderboardOfExperiment.At(id);
        return Get<Leaderboard>(path + Part(offset, limit), cancellationToken);
    }

    /// <summary>The files of an experiment's report.</summary>
    public IAsyncEnumerable<ArtifactFile> ReportFiles(string id, CancellationToken cancellationToken) =>
        All<ArtifactFile>(ApiOperations.ListReportFiles.At(id), cancellationToken);

    /// <summary>Opens a file of an experiment's report.</summary>
    public Task<Stream> OpenReportFile(string id, string file, CancellationToken cancellationToken) =>
        OpenFile(ApiOperations.ReportFile.At(id, file), cancellationToken);

    /// <summary>A run with every setting.</summary>
    public Task<RunResponse> ShowRun(string run, CancellationToken cancellationToken) =>
        Get<RunResponse>(ApiOperations.ShowRun.At(run), cancellationToken);

    /// <summary>What a run's model is given of a test case.</summary>
    public Task<SampleResponse> ShowSample(string run, int number, CancellationToken cancellationToken) =>
        Get<SampleResponse>(ApiOperations.ShowSample.At(run, number.ToString(CultureInfo.InvariantCulture)), cancellationToken);

    /// <summary>The files of a run's <c>dataset</c>, <c>samples</c>, <c>checkpoint</c> or <c>evaluation</c>.</summary>
    public IAsyncEnumerable<ArtifactFile> RunFiles(string run, string kind, CancellationToken cancellationToken) =>
        All<ArtifactFile>(ApiOperations.ListRunFiles.At(run, kind), cancellationToken);

    /// <summary>Opens a file of a run.</summary>
    public Task<Stream> OpenRunFile(string run, string kind, string file, CancellationToken cancellationToken) =>
        OpenFile(ApiOperations.RunFile.At(run, kind, file), cancellationToken);

    /// <inheritdoc />
    public void Dispose() => calls.Dispose();

    private static string Part(int offset, int? limit) => $"?offset={offset}{(limit is null ? "" : $"&limit={limit}")}";

    private static string View(string? contentHash, int? columns, int channel) =>
        $"&channel={channel}{(columns is null ? "" : $"&columns={columns}")}"
        + (contentHash is null ? "" : $"&content={Uri.EscapeDataString(contentHash)}");

    private async IAsyncEnumerable<T> All<T>(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var offset = 0; ;)
        {
            var page = await Get<Page<T>>(path + Part(offset, MaxAtATime), cancellationToken);
            foreach (var item in page.Items) yield return item;
            offset += page.Items.Count;
            if (page.Items.Count == 0 || offset >= page.Total) yield break;
        }
    }

    private Task<T> Get<T>(string path, CancellationToken cancellationToken) => Ask<T>(() => new(HttpMethod.Get, path), cancellationToken);

    private async Task<T> Ask<T>(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        using var answer = await calls.Send(make, cancellationToken);
        return await calls.Read<T>(answer, cancellationToken);
    }

    private async Task<Stream> OpenFile(string path, CancellationToken cancellationToken)
    {
        var answer = await calls.Send(() => new(HttpMethod.Get, path), cancellationToken);
        return await answer.Content.ReadAsStreamAsync(cancellationToken);   // closes the answer with it
    }
}
