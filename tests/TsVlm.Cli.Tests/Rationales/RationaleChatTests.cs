using System.Net;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using TsVlm.Cli.Rationales;
using TsVlm.Contracts;
using TsVlm.Data;
using TsVlm.Data.Generators;
using TsVlm.Data.Splits;
using TsVlm.Models;
using TsVlm.Representations;
using TsVlm.Representations.Rationales;
using TsVlm.Representations.Samples;
using TsVlm.Representations.Text;
using TsVlm.Tests;

namespace TsVlm.Cli.Tests.Rationales;

public sealed class RationaleChatTests : IDisposable
{
    private static readonly Dataset Set = BuiltInDatasets.Generate("CBF");
    private static readonly DatasetSplit Split = Splitter.Split(Set, "official", 0);
    private static readonly ModelFolder Tiny = ModelFolder.Open("tiny");
    private static readonly IReadOnlyList<int> Cases = [.. Split.Train.Take(5)];
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new() { AutoAdvanceAmount = TimeSpan.Zero };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_training_case_is_asked_for_once_and_a_second_run_asks_nothing()
    {
        var model = new FakeModel(_ => "It rises to 3.2.");
        var estimated = Chat(model).Estimate(Making(), Set, Cases);
        var (written, spent) = await Run(model);
        Assert.Equal(Cases, written.Select(r => r.Case));
        Assert.All(written, r =>
            Assert.Equal(("CBF", Set.Cases[r.Case].Label, "It rises to 3.2.", true), (r.Dataset, r.Class, r.Text, r.IsAccepted)));
        Assert.Equal(5, model.Asked.Count);
        Assert.Equal(new ChatCost(5, 0, 500, 50, ((500 * 2) + (50 * 8)) / 1e6), spent);
        Assert.Equal((5, 0), (estimated.NumRequests, estimated.NumKept));
        Assert.InRange(estimated.InputTokens, 500, 5000);

        var (again, nothing) = await Run(model);
        Assert.Equal(written.Select(r => r with { Place = "" }), again.Select(r => r with { Place = "" }));
        Assert.Equal(5, model.Asked.Count);
        Assert.Equal(new ChatCost(0, 5, 0, 0, 0), nothing);
        Assert.Equal(new ChatCost(0, 5, 0, 0, 0), Chat(model).Estimate(Making(), Set, Cases));
        // Another model is another question.
        await Run(model, new() { Model = "other" });
        Assert.Equal(10, model.Asked.Count);
    }

    [Fact]
    public async Task A_request_tells_of_its_own_training_case_alone()
    {
        var model = new FakeModel(_ => "It rises.");
        await Run(model);
        var own = Cases.Select(i => RationaleRequest.Text(Making().Fitted, Set.Cases[i].Series, Set.Cases[i].Label)).ToList();
        Assert.Equal(own, model.Asked);
        foreach (var (request,
            number) in model.Asked.Zip(Cases)) Assert.Contains($"Class of this series: {Set.Cases[number].Label}\n", request);
        // Other labels and series outside the training split change no request.
        var training = Split.Train.ToHashSet();
        List<LabelledSeries> others =
            [.. Set.Cases.Select((c, i) => training.Contains(i)
                ? c : new LabelledSeries(new TimeSeries([new double[50]]), Set.Classes[0]))];
        var changed = new Dataset(Set.Name,
            Set.Classes, [.. others.Take(Set.NumOfficialTrain)], [.. others.Skip(Set.NumOfficialTrain)], []);
        Assert.Equal(own, Cases.Select(
            i => RationaleRequest.Text(Making(changed).Fitted, changed.Cases[i].Series, changed.Cases[i].Label)));
    }

    [Fact]
    public async Task No_minute_has_more_requests_than_it_may()
    {
        var pacing = new RequestPacing(perMinute: 6, clock);
        await pacing.Wait(Stop);
        for (var request = 0; request < 3; request++)
        {
            var next = pacing.Wait(Stop);
            clock.Advance(TimeSpan.FromSeconds(9.9));
            Assert.False(next.IsCompleted);
            clock.Advance(TimeSpan.FromSeconds(0.1));
            await next;
        }

        var started = clock.GetUtcNow();
        var model = new FakeModel(_ => "It rises.");
        await Run(model, new() { Model = "m", MaxRequestsPerMinute = 6 });
        Assert.True(clock.GetUtcNow() - started >= TimeSpan.FromSeconds(10 * (model.Asked.Count - 1)),
            $"{model.Asked.Count} requests in {clock.GetUtcNow() - started}");
    }

    [Fact]
    public async Task A_request_that_fails_is_made_again_and_at_last_names_its_case_and_keeps_the_rest()
    {
        var numFailures = 0;
        var model = new FakeModel(request => request == Request(Cases[3]) && numFailures++ < 3
            ? throw new HttpRequestException("too many") : "It rises.");
        var (written, spent) = await Run(model, new() { Model = "m", MaxRequestsPerMinute = 100_000 });
        Assert.Equal((5, 8), (written.Count, spent.NumRequests));

        var broken = new FakeModel(request => request == Request(Cases[3]) ? throw new HttpRequestException("no such model") : "It rises.");
        var error = await Assert.ThrowsAsync<RepresentationException>(() => Run(broken, new() { Model = "n", MaxAttempts = 2 }));
        Assert.Contains($"CBF, case {Cases[3]}: expected an answer of the chat model n, found after 2 attempts: no such model",
            error.Message);
        var mended = new FakeModel(_ => "It rises.");
        await Run(mended, new() { Model = "n" });
        Assert.Equal(2, mended.Asked.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, 1, "TSVLM_CHAT_KEY")]
    [InlineData(HttpStatusCode.Forbidden, 1, "TSVLM_CHAT_KEY")]
    [InlineData(HttpStatusCode.NotFound, 1, "check --endpoint and --chat-model")]
    [InlineData(HttpStatusCode.BadRequest, 1, "")]
    [InlineData(HttpStatusCode.TooManyRequests, 3, "")]
    [InlineData(HttpStatusCode.ServiceUnavailable, 3, "")]
    public async Task A_refusal_is_not_asked_again_and_a_busy_service_is(HttpStatusCode status, int numRequests, string advice)
    {
        var model = new FakeModel(_ => throw new HttpRequestException("refused", null, status));
        var settings = new RationaleChatSettings { Model = "m", MaxAttempts = 3, MaxRequestsPerMinute = 100_000 };
        var error = await Assert.ThrowsAsync<RepresentationException>(() => Run(model, settings));
        Assert.Equal(numRequests, model.Asked.Count);
        Assert.Contains($"found after {numRequests} attempt", error.Message);
        Assert.Contains(advice, error.Message);
    }

    [Fact]
    public async Task An_answer_without_choices_is_an_error_and_is_not_kept()
    {
        var model = new FakeModel(_ => "") { HasChoices = false };
        var error = await Assert.ThrowsAsync<RepresentationException>(() => Run(model));
        Assert.Contains($"CBF, case {Cases[0]}: expected an answer of the chat model m, found after 1 attempt: an answer without choices",
            error.Message);
        Assert.False(Directory.Exists(folder.File("answers")));
    }

    [Theory]
    [InlineData(RationaleOrder.AnswerFirst, "  It\nrises. ", "It rises.", true)]
    [InlineData(RationaleOrder.AnswerFirst, "A bell, as it rises.", "A bell, as it rises.", true)]
    [InlineData(RationaleOrder.RationaleFirst, "A bell, as it rises.", "A bell, as it rises.", false)]
    [InlineData(RationaleOrder.RationaleFirst, "Class 1.", "Class 1.", true)]
    [InlineData(RationaleOrder.AnswerFirst, " \n ", "", false)]
    public void A_rationale_that_cannot_be_learnt_is_not_accepted(RationaleOrder order, string said, string text, bool isAccepted)
    {
        var checkedOne = RationaleCheck.Of("CBF", 3, "bell", said, new() { Order = order }, Tiny.Inputs.CountTokens);
        Assert.Equal((text, isAccepted), (checkedOne.Text, checkedOne.IsAccepted));
    }

    [Fact]
    public void A_long_answer_is_cut_at_a_sentence_or_not_accepted()
    {
        var settings = new RationaleSettings { MaxTokens = 30 };
        var cut = RationaleCheck.Of("CBF", 3, "bell", string.Concat(Enumerable.Repeat("It rises and falls. ", 30)), settings,
            Tiny.Inputs.CountTokens);
        Assert.True(cut.IsAccepted);
        Assert.EndsWith("falls.", cut.Text);
        Assert.InRange(new RationaleFormat(settings.Order).Tokens(cut.Text, Tiny.Inputs.CountTokens), 5, 30);
        Assert.False(RationaleCheck.Of("CBF", 3, "bell", string.Concat(Enumerable.Repeat("on and ", 60)), settings,
            Tiny.Inputs.CountTokens).IsAccepted);
    }

    public void Dispose() => folder.Dispose();

    private static string Request(int number) => RationaleRequest.Text(Making().Fitted, Set.Cases[number].Series, Set.Cases[number].Label);

    private static SampleMaking Making(Dataset? dataset = null) =>
        new(dataset ?? Set, Split, new Representation { Rationale = new() }, Tiny.Inputs, 0);

    private RationaleChat Chat(FakeModel model, RationaleChatSettings? settings = null) =>
        new(model, settings ?? new() { Model = "m", PriceIn = 2, PriceOut = 8 }, new ChatAnswers(folder.File("answers")), clock);

    /// <summary>Runs to the end; whenever all wait, time goes on.</summary>
    private async Task<(IReadOnlyList<WrittenRationale> Written, ChatCost Spent)> Run(FakeModel model,
        RationaleChatSettings? settings = null)
    {
        var chat = Chat(model, settings);
        var run = Task.Run(() => chat.Write(Making(), Set, Cases, Tiny.Inputs.CountTokens, _ => { }, Stop), Stop);
        while (!run.IsCompleted)
        {
            await Task.Delay(2, Stop);
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        return (await run, chat.Spent);
    }

    private sealed class FakeModel(Func<string, string> answer) : IChatClient
    {
        public List<string> Asked { get; } = [];

        public bool HasChoices { get; init; } = true;

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null,
            CancellationToken cancellationToken = default)
        {
            var request = messages.Last().Text;
            Asked.Add(request);
            if (!HasChoices) return Task.FromResult(new ChatResponse());
            return Task.FromResult(
                new ChatResponse(new ChatMessage(ChatRole.Assistant, answer(request))) { Usage =
                    new() { InputTokenCount = 100, OutputTokenCount = 10 } });
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
