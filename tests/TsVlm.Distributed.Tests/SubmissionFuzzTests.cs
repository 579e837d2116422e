using System.Net;
using System.Net.Http.Headers;
using TsVlm.Services.Tests.Scenarios;

namespace TsVlm.Distributed.Tests;

/// <summary>Submissions with seeded mistakes, over HTTP to a service with a real database.</summary>
public sealed class SubmissionFuzzTests(Servers servers)
{
    private const int NumBodies = 10_000;
    private const int NumAtATime = 8;
    private const double MaxGrowthMB = 150;   // what caches, pools and the compiled code of a process take that has just started

    [Fact]
    public async Task Ten_thousand_submissions_with_mistakes_are_created_or_refused_and_memory_stays_flat()
    {
        await using var system = await DistributedSystem.Start(servers, new Dictionary<string, string>
        {
            ["Api__MaxRuns"] = "50", ["Api__RequestsPerSecond"] = "1000000", ["Reconciler__MaxStagesInFlight"] = "1",
        });
        var http = system.Scenarios.Http;
        var random = new Random(16);
        var bodies = Enumerable.Range(0, NumBodies).Select(_ => MutatedSubmissions.Next(random)).ToList();
        var counts = new Dictionary<HttpStatusCode, int>();
        await Post(bodies[..(NumBodies / 5)]);
        var before = MegabytesOf(system.Scenarios.Id);
        await Post(bodies[(NumBodies / 5)..]);
        var growth = MegabytesOf(system.Scenarios.Id) - before;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{string.Join(", ", counts.Select(count => $"{count.Value} x {(int)count.Key}"))}; {before:0} MB and {growth:+0;-0} MB");
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.BadRequest], counts.Keys.Order());
        Assert.True(counts[HttpStatusCode.Created] > NumBodies / 1000, $"{counts[HttpStatusCode.Created]} were created");
        Assert.True(growth < MaxGrowthMB, $"Memory grew from {before:0} MB by {growth:0} MB.");

        Task Post(IEnumerable<byte[]> some) => Parallel.ForEachAsync(some, new ParallelOptions { MaxDegreeOfParallelism = NumAtATime },
            async (body, cancellationToken) =>
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var answer = await http.PostAsync(new Uri("/experiments", UriKind.Relative), content, cancellationToken);
                var text = await answer.Content.ReadAsStringAsync(cancellationToken);
                Assert.True((int)answer.StatusCode < 500, $"{answer.StatusCode} {text}\n{System.Text.Encoding.UTF8.GetString(body)}\n{system.Logs}");
                lock (counts) counts[answer.StatusCode] = counts.GetValueOrDefault(answer.StatusCode) + 1;
            });
    }

    private static double MegabytesOf(int process) =>
        double.Parse(File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1000;
}
