using System.Net.Http.Headers;

namespace TsVlm.Serving.Tests.Fuzzing;

/// <summary>Sends mutated requests, and counts the answers by status.</summary>
internal static class FuzzedCalls
{
    /// <summary>No answer takes longer unless the server hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Sends them, several at a time.
    /// </summary>
    /// <returns>How many were answered with each status, and the requests whose answer is a fault of the server (5xx, or none in time).</returns>
    public static async Task<(IReadOnlyDictionary<int, int> Statuses, IReadOnlyList<string> Faults)> Send(
        HttpClient client, IReadOnlyList<MutatedRequest> requests, int atOnce, CancellationToken cancellationToken)
    {
        var statuses = new Dictionary<int, int>();
        var faults = new List<string>();
        var gate = new Lock();
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (request, stop) =>
            {
                var (status, fault) = await Send(client, request, stop);
                lock (gate)
                {
                    statuses[status] = statuses.GetValueOrDefault(status) + 1;
                    if (fault is not null) faults.Add($"{fault}: {request}");
                }
            });
        return (statuses, faults);
    }

    private static async Task<(int Status, string? Fault)> Send(HttpClient client, MutatedRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(new(request.Method), request.Path);
        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(request.Body);
            if (request.ContentType is not null) message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        }
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Patience);
        try
        {
            using var response = await client.SendAsync(message, timeout.Token);
            var status = (int)response.StatusCode;
            return (status, status >= 500 ? $"status {status}, {await response.Content.ReadAsStringAsync(timeout.Token)}" : null);
        }
        catch (Exception error) when (error is HttpRequestException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (0, $"no answer, {error.Message}");
        }
    }
}
