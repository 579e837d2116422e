using TsVlm.Representations.Text;

namespace TsVlm.Representations.Fitting;

/// <summary>Counts what a training sequence takes of the context, and finds the least shortening that fits.</summary>
internal sealed class SequenceBudget(
    ModelInputs model, int contextLength, string question, IReadOnlyList<string> answers, SampleImages? images, int numRationaleTokens = 0)
{
    // No tokenizer's text of numbers averages this many characters a token, so a longer text is judged by its beginning.
    private const int MaxCharactersPerToken = 12;

    // The begin token and, where the template has turns, the end token; and room for the longest rationale there may be, so that the budget
    // knows of no label.
    private readonly int numOuterTokens = (model.Template.HasTurns ? 2 : 1) + numRationaleTokens;

    // Counted after what ends every prompt, for a tokenizer may treat a text's beginning differently.
    private readonly string longestAnswer = answers.MaxBy(answer => model.CountTokens(model.Template.WithAnswer("ASSISTANT:", answer)))!;

    /// <summary>Tokens that a sequence may have.</summary>
    public int ContextLength => contextLength;

    /// <summary>The prompt around what is said of the series.</summary>
    public string Prompt(string seriesText) => model.Template.Prompt(seriesText + question, images?.Marks);

    /// <summary>
    /// Tokens of the whole sequence with its longest answer: begin token, the prompt with the image's tokens in place of its
    /// <c>&lt;image&gt;</c>, answer and end token.
    /// </summary>
    public int Tokens(string seriesText) => TokensOfPrompt(Prompt(seriesText));

    /// <summary>The same, of a prompt that is whole already.</summary>
    public int TokensOfPrompt(string prompt)
    {
        var (numTokens, text) = (numOuterTokens, prompt);
        for (var image = 0; image < (images?.Count ?? 0); image++)
        {
            // As the model reads it: the texts on both sides of an image are tokenized separately.
            var mark = text.IndexOf(ConversationTemplate.ImageToken, StringComparison.Ordinal);
            numTokens += model.CountTokens(text[..mark]) + (model.NumImageTokens / images!.PatchesPerToken);
            text = text[(mark + ConversationTemplate.ImageToken.Length)..];
        }
        return numTokens + WithLongestAnswer(text);
    }

    /// <summary>True when the whole sequence fits the context.</summary>
    public bool Fits(string seriesText)
    {
        var mostCharacters = MaxCharactersPerToken * contextLength;
        // The beginning alone decides for a text that is far too long; the slack covers a token cut in two.
        if (seriesText.Length > mostCharacters && model.CountTokens(seriesText[..mostCharacters]) > contextLength + MaxCharactersPerToken)
            return false;
        return Tokens(seriesText) <= contextLength;
    }

    /// <summary>
    /// The smallest factor with which every text fits; null, with the text that failed, when not even the largest does.
    /// Factors are tried upwards, so the result is the smallest even where a larger factor makes a longer text. A factor falls with the
    /// first text that does not fit, and the text that failed last is asked first, so most factors cost one count of a text that gets
    /// shorter and shorter.
    /// </summary>
    public FactorSearch Smallest(IReadOnlyList<SeriesText> texts, int largest)
    {
        var order = Enumerable.Range(0, texts.Count).OrderByDescending(i => (long)texts[i].Series.Length * texts[i].Series.NumChannels)
            .ThenBy(i => i).ToList();
        for (var factor = 1; ; factor++)
        {
            var failing = order.FindIndex(i => !Fits(texts[i].WithFactor(factor)));
            if (failing < 0) return new FactorSearch(factor, -1);
            var witness = order[failing];
            if (factor >= largest) return new FactorSearch(null, witness);
            order.RemoveAt(failing);
            order.Insert(0, witness);
        }
    }

    private int WithLongestAnswer(string prompt) => model.CountTokens(model.Template.WithAnswer(prompt, longestAnswer));
}

/// <summary>Outcome of a search: the factor, or null and the text that fits with none.</summary>
internal readonly record struct FactorSearch(int? Factor, int Witness);
