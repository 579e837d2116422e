using TsVlm.Models.Tokenization;
using TsVlm.Representations;

namespace TsVlm.Models;

/// <summary>A training sequence. Both arrays are T long; a target of -100 is not learned.</summary>
/// <param name="InputIds">Begin token, and for each turn its prompt with the image's tokens, its answer and what ends it.</param>
/// <param name="TargetIds">The ids of the answers and of what ends them, -100 elsewhere; not shifted.</param>
public sealed record EncodedSequence(int[] InputIds, int[] TargetIds);

/// <summary>A turn of a conversation.</summary>
/// <param name="Prompt">
/// Text up to and including the assistant's mark; the first turn's with <c>&lt;image&gt;</c> where the image goes.
/// </param>
/// <param name="Answer">The right answer.</param>
public sealed record Turn(string Prompt, string Answer);

/// <summary>
/// A prompt and its answer as token ids, after LLaVA's tokenizer_image_token, preprocess_v1 and preprocess_plain: the texts before and
/// after
/// <c>&lt;image&gt;</c> are encoded each by itself, and the answer as what follows the prompt in the template.
/// Only the template's own marks <c>&lt;image&gt;</c>, the first ones, are images; tokens such as <c>&lt;/s&gt;</c> inside a text stay plain
/// text.
/// </summary>
public sealed class ConversationEncoding
{
    /// <summary>Target of a position that is not learned.</summary>
    public const int IgnoredTarget = -100;

    private const string ImageMarker = ConversationTemplate.ImageToken;
    private readonly Tokenizer tokenizer;
    private readonly ConversationTemplate template;
    private readonly int begin;
    private readonly int end;

    /// <summary>The encoding with that tokenizer and template.</summary>
    /// <exception cref="ArgumentException">The tokenizer has no begin or no end token.</exception>
    public ConversationEncoding(Tokenizer tokenizer, ConversationTemplate template)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(template);
        this.tokenizer = tokenizer;
        this.template = template;
        begin = tokenizer.BosId
            ?? throw new ArgumentException("Expected a tokenizer with a begin token (bos_token), found none.", nameof(tokenizer));
        end = tokenizer.EosId
            ?? throw new ArgumentException("Expected a tokenizer with an end token (eos_token), found none.", nameof(tokenizer));
    }

    /// <summary>
    /// The sequence to learn from; its ids are <see cref="EncodePrompt"/> followed by
    /// <see cref="AnswerTokens(string, string, bool, int)"/>.
    /// </summary>
    /// <param name="prompt">Text up to and including the turn of the assistant.</param>
    /// <param name="answer">The right answer.</param>
    /// <param name="numImageTokens">Tokens that an image takes; 0 for a prompt without image.</param>
    /// <param name="numImages">Images of the prompt, where it has one.</param>
    /// <exception cref="ArgumentException">
    /// An image is expected and the prompt has no <c>&lt;image&gt;</c>, or the tokenizer does not know it.
    /// </exception>
    public EncodedSequence Encode(string prompt, string answer, int numImageTokens, int numImages = 1) =>
        Encode([new Turn(prompt, answer)], numImageTokens, numImages);

    /// <summary>The sequence of a conversation, whose images, if any, are in the first turn; every answer is learned.</summary>
    /// <exception cref="ArgumentException">
    /// An image is expected and the first prompt has no <c>&lt;image&gt;</c>, or the tokenizer does not know it.
    /// </exception>
    public EncodedSequence Encode(IReadOnlyList<Turn> turns, int numImageTokens, int numImages = 1)
    {
        List<int> ids = [], targets = [];
        foreach (var (number, turn) in turns.Index())
        {
            var isFirst = number == 0;
            // A later turn goes on with the text: no begin token, and no blank before it where the tokenizer puts one at a text's start
            // only.
            var prompt = isFirst ? EncodePrompt(turn.Prompt, numImageTokens, numImages)
                : tokenizer.EncodePlain(turn.Prompt, atStart: false);
            var answer = AnswerTokens(turn.Prompt, turn.Answer, isFirst && numImageTokens > 0 ? numImages : 0, atStart: isFirst);
            ids.AddRange([.. prompt, .. answer]);
            targets.AddRange([.. Enumerable.Repeat(IgnoredTarget, prompt.Length), .. answer]);
        }
        return new EncodedSequence([.. ids], [.. targets]);
    }

    /// <summary>
    /// Ids of the begin token and the prompt; each of the first <paramref name="numImages"/> markers becomes
    /// <paramref name="numImageTokens"/> image tokens, with 0 it stays text.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An image is expected and the prompt has no <c>&lt;image&gt;</c>, or the tokenizer does not know it.
    /// </exception>
    public int[] EncodePrompt(string prompt, int numImageTokens, int numImages = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(numImageTokens);
        if (numImageTokens == 0) return [begin, .. tokenizer.EncodePlain(prompt)];
        var image = tokenizer.IdOf(ImageMarker)
            ?? throw new ArgumentException($"Expected a tokenizer with the token {ImageMarker}, found none.", nameof(prompt));
        List<int> ids = [begin];
        var text = prompt;
        for (var i = 0; i < numImages; i++)
        {
            var marker = MarkerIn(text);
            ids.AddRange([.. tokenizer.EncodePlain(text[..marker]), .. Enumerable.Repeat(image, numImageTokens)]);
            text = text[(marker + ImageMarker.Length)..];
        }
        return [.. ids, .. tokenizer.EncodePlain(text)];
    }

    /// <summary>The ids that follow the prompt for that answer, what ends it included: what training sees and scoring must score.</summary>
    /// <param name="prompt">Text up to and including the turn of the assistant.</param>
    /// <param name="answer">One possible answer.</param>
    /// <param name="hasImage">Whether the prompt's first marks <c>&lt;image&gt;</c> are images.</param>
    /// <param name="numImages">How many, if so.</param>
    /// <exception cref="InvalidOperationException">
    /// The tokenizer merges the end of the prompt with the answer, so there is no border between them.
    /// </exception>
    public int[] AnswerTokens(string prompt, string answer, bool hasImage, int numImages = 1) =>
        AnswerTokens(prompt, answer, hasImage ? numImages : 0, atStart: true);

    /// <summary>Tokens of a text as this encoding counts them, begin and end not included; a marker counts as one token.</summary>
    public int Count(string text) =>
        EncodePrompt(text, text.Contains(ImageMarker, StringComparison.Ordinal) && tokenizer.IdOf(ImageMarker) is not null
            ? 1 : 0).Length - 1;

    private int[] AnswerTokens(string prompt, string answer, int numImages, bool atStart)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var text = prompt;
        for (var i = 0; i < numImages; i++) text = text[(MarkerIn(text) + ImageMarker.Length)..];
        var before = tokenizer.EncodePlain(text, atStart);
        var all = tokenizer.EncodePlain(template.WithAnswer(text, answer), atStart);
        if (!all.AsSpan().StartsWith(before))
            throw new InvalidOperationException(
                $"Expected a token border between the prompt's end '{text[^Math.Min(20, text.Length)..]}' and the answer '{answer}', "
                + "but the tokenizer merges them; end the prompt with a mark such as ':'.");
        return template.HasTurns ? [.. all.AsSpan(before.Length), end] : all[before.Length..];
    }

    private static int MarkerIn(string prompt)
    {
        var marker = prompt.IndexOf(ImageMarker, StringComparison.Ordinal);
        return marker >= 0 ? marker
            : throw new ArgumentException($"Expected {ImageMarker} in the prompt, found none: '{prompt[..Math.Min(60, prompt.Length)]}'.",
                nameof(prompt));
    }
}
