namespace TsVlm.Serving.Tests.Fuzzing;

public class FuzzedCallsTests(TrainedModels models)
{
    private const int NumRequests = 3000;

    /// <summary>The command <c>fuzz-serving</c> of the benchmarks sends a hundred thousand.</summary>
    [Fact]
    public async Task Mutated_requests_are_answered_or_refused_and_leave_the_server_as_it_was()
    {
        await using var serving = await TestServing.Start(new() { MaxBatch = 1 }, ("words", models.Answers));
        var probe = Requests.Plain([TrainedModels.Walk(1)]);
        var before = Requests.Answers((await serving.Post("/classify/words", probe)).Json);
        var mutated = new MutatedRequests(seed: 7, "words");
        var (statuses, faults) = await FuzzedCalls.Send(serving.Client, [.. Enumerable.Range(0, NumRequests).Select(_ => mutated.Next())], 8,
            TestContext.Current.CancellationToken);
        Assert.Empty(faults);
        Assert.Equal(NumRequests, statuses.Values.Sum());
        Assert.True(statuses.GetValueOrDefault(200) > 50 && statuses.GetValueOrDefault(400) > 1000, string.Join(", ", statuses));
        Assert.Equal(before, Requests.Answers((await serving.Post("/classify/words", probe)).Json));
        Assert.Equal(0, serving.Models.Models[0].QueueLength);
    }
}
