using Microsoft.Extensions.AI;
using TsVlm.Data;
using TsVlm.Representations;
using TsVlm.Representations.Rationales;
using TsVlm.Representations.Samples;

namespace TsVlm.Cli.Rationales;

/// <summary>How a chat model is asked.</summary>
public sealed record RationaleChatSettings
{
    /// <summary>Name of the model; answers are kept under it.</summary>
    public required string Model { get; init; }

    /// <summary>Most requests a minute.</summary>
    public int MaxRequestsPerMinute { get; init; } = 60;

    /// <summary>Price of a million input tokens.</summary>
    public double PriceIn { get; init; }

    /// <summary>Price of a million output tokens.</summary>
    public double PriceOut { get; init; }

    /// <summary>Times that a request is made before its failure counts.</summary>
    public int MaxAttempts { get; init; } = 4;
}

/// <summary>What requests took or would take.</summary>
/// <param name="NumRequests">Requests made, or to be made.</param>
/// <param name="NumKept">Answers that were there already.</param>
/// <param name="InputTokens">Tokens of the requests.</param>
/// <param name="OutputTokens">Tokens of the answers.</param>
/// <param name="Cost">By the prices given.</param>
public sealed record ChatCost(int NumRequests, int NumKept, long InputTokens, long OutputTokens, double Cost);

/// <summary>
/// Asks a chat model for the rationales of training cases, which are all that it is ever shown. Answers are kept as they come, so a run
/// that was stopped or failed goes on where it was, and a second one asks nothing.
/// </summary>
/// <param name="client">The chat model.</param>
/// <param name="settings">Pace, prices, attempts.</param>
/// <param name="answers">Answers that are there.</param>
/// <param name="clock">Paces the requests.</param>
public sealed class RationaleChat(IChatClient client, RationaleChatSettings settings, ChatAnswers answers, TimeProvider clock)
{
    // About what the tokenizers of large models take of English and numbers.
    private const int CharactersPerToken = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private readonly RequestPacing pacing = new(settings.MaxRequestsPerMinute, clock);
    private (int Requests, int Kept, long In, long Out) sums;

    /// <summary>What was asked so far.</summary>
    public ChatCost Spent => new(sums.Requests, sums.Kept, sums.In, sums.Out, CostOf(sums.In, sums.Out));

    /// <summary>
    /// What the rationales of these cases would take, by four characters a token and answers of the longest rationale; asks nothing.
    /// </summary>
    public ChatCost Estimate(SampleMaking making, Dataset dataset, IReadOnlyList<int> training)
    {
        var settingsOf = making.Fitted.Representation.Rationale!;
        var instructions = RationaleRequest.Instructions(settingsOf);
        var requests = training.Select(i => RationaleRequest.Text(making.Fitted, dataset.Cases[i].Series, dataset.Cases[i].Label)).ToList();
        var open = requests.Where(request => answers.Find(settings.Model, Key(instructions, request)) is null).ToList();
        var input = open.Sum(request => (long)(instructions.Length + request.Length) / CharactersPerToken);
        var output = (long)open.Count * settingsOf.MaxTokens;
        return new(open.Count, requests.Count - open.Count, input, output, CostOf(input, output));
    }

    /// <summary>The rationales of these cases, one for each; those that cannot be learnt are marked as not accepted.</summary>
    /// <param name="making">The samples the rationales are for.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="training">Numbers of its training cases.</param>
    /// <param name="count">The model's tokenizer.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops between two requests.</param>
    /// <exception cref="RepresentationException">A request failed as often as it may; the message names the case.</exception>
    public async Task<IReadOnlyList<WrittenRationale>> Write(
        SampleMaking making, Dataset dataset, IReadOnlyList<int> training, TokenCounter count, Action<int> progress,
        CancellationToken cancellationToken)
    {
        var rationale = making.Fitted.Representation.Rationale!;
        var (instructions, written) = (RationaleRequest.Instructions(rationale), new List<WrittenRationale>());
        foreach (var number in training)
        {
            var (series, label) = dataset.Cases[number];
            var answer = await Ask(instructions, RationaleRequest.Text(making.Fitted, series, label), $"{dataset.Name}, case {number}",
                cancellationToken);
            written.Add(RationaleCheck.Of(dataset.Name, number, label, answer, rationale, count));
            progress(written.Count);
        }
        return written;
    }

    private async Task<string> Ask(string instructions, string request, string where, CancellationToken cancellationToken)
    {
        if (answers.Find(settings.Model, Key(instructions, request)) is { } kept)
        {
            sums.Kept++;
            return kept.Text;
        }
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++, pause *= 2)
        {
            await pacing.Wait(cancellationToken);
            sums.Requests++;
            try
            {
                var response = await Send(instructions, request, cancellationToken);
                var answer = new ChatAnswer(response.Text, response.Usage?.InputTokenCount ?? 0, response.Usage?.OutputTokenCount ?? 0);
                sums.In += answer.InputTokens;
                sums.Out += answer.OutputTokens;
                answers.Keep(settings.Model, Key(instructions, request), answer);
                return answer.Text;
            }
            catch (Exception error)
                when (!cancellationToken.IsCancellationRequested && attempt < settings.MaxAttempts && ChatFailures.IsTransient(error))
            {
                await Task.Delay(pause, clock, cancellationToken);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                throw new RepresentationException(
                    $"{where}: expected an answer of the chat model {settings.Model}, found after {attempt} {(attempt == 1 ? "attempt" : "attempts")}: "
                    + $"{ChatFailures.Describe(error)} Answers so far are kept; the same command goes on from here.", error);
            }
        }
    }

    /// <exception cref="EmptyAnswerException">There is nothing to read in the answer.</exception>
    private async Task<ChatResponse> Send(string instructions, string request, CancellationToken cancellationToken)
    {
        var response = await client.GetResponseAsync(
            [new(ChatRole.System, instructions), new(ChatRole.User, request)], cancellationToken: cancellationToken);
        return response.Messages.Count > 0 ? response : throw new EmptyAnswerException();
    }

    private double CostOf(long input, long output) => ((input * settings.PriceIn) + (output * settings.PriceOut)) / 1e6;

    private static string Key(string instructions, string request) => $"{instructions}\n{request}";
}
