namespace TsVlm.Representations;

/// <summary>How a question becomes a prompt, after LLaVA's conversation.py.</summary>
public sealed record ConversationTemplate
{
    /// <summary>Where the image goes; a label holding it would make a second image.</summary>
    public const string ImageToken = "<image>";

    private const string User = "USER: ";
    private const string Assistant = " ASSISTANT:";

    private ConversationTemplate(string name) => Name = name;

    /// <summary>LLaVA-1.5's template (vicuna_v1).</summary>
    public static ConversationTemplate V1 { get; } = new("v1")
    {
        System = "A chat between a curious user and an artificial intelligence assistant. "
            + "The assistant gives helpful, detailed, and polite answers to the user's questions. ",
    };

    /// <summary>The turns alone, as in Hugging Face's LLaVA examples; for models with a short context.</summary>
    public static ConversationTemplate Turns { get; } = new("turns");

    /// <summary>The image and its caption alone, with which LLaVA trains a new projector: the question is not shown.</summary>
    public static ConversationTemplate Plain { get; } = new("plain") { HasTurns = false };

    /// <summary>Every template.</summary>
    public static IReadOnlyList<ConversationTemplate> All { get; } = [V1, Turns, Plain];

    /// <summary>What a model folder calls it.</summary>
    public string Name { get; }

    /// <summary>What stands before the first turn; empty for none.</summary>
    public string System { get; private init; } = "";

    /// <summary>Whether there are turns, each ended by the end token; else a line feed ends the caption, as in LLaVA.</summary>
    public bool HasTurns { get; private init; } = true;

    /// <summary>The prompt up to the assistant's turn.</summary>
    /// <exception cref="RepresentationException">A template without turns, and no image.</exception>
    public string Prompt(string question, bool hasImage) => Prompts([question], hasImage)[0];

    /// <summary>The prompt with several images, whose marks and names come before the question.</summary>
    /// <param name="question">What the user asks.</param>
    /// <param name="images">A mark for each image, and what names them; null for no image.</param>
    /// <exception cref="RepresentationException">A template without turns, and no image.</exception>
    public string Prompt(string question, string? images) => Prompts([question], images)[0];

    /// <summary>
    /// The prompt of each turn, up to the assistant's part of it. The image comes before the first question, wherever LLaVA's data has its
    /// mark.
    /// </summary>
    /// <exception cref="RepresentationException">A template without turns, and no image or several questions.</exception>
    public IReadOnlyList<string> Prompts(IReadOnlyList<string> questions, bool hasImage) => Prompts(questions, hasImage ? ImageToken : null);

    private IReadOnlyList<string> Prompts(IReadOnlyList<string> questions, string? images)
    {
        if (HasTurns)
            return [.. questions.Select((question, turn) =>
                $"{(turn == 0 ? System : "")}{User}{(turn == 0 && images is not null ? $"{images}\n" : "")}{question}{Assistant}")];
        if (images is null || questions.Count != 1)
            throw new RepresentationException(
                $"Conversation template {Name}: expected an image and one caption, found {(images is null ? "no" : "an")} image and "
                + $"{questions.Count} questions; choose an arm with an image, or the template v1 (conversation_template in processor_config.json).");
        return [string.Concat(Enumerable.Repeat(ImageToken, NumMarks(images)))];
    }

    /// <summary>Marks of images in a text.</summary>
    public static int NumMarks(string text) => text.AsSpan().Count(ImageToken);

    /// <summary>
    /// What a first turn's prompt holds between the user's mark and the assistant's, the image's mark included; undoes
    /// <see cref="Prompt(string, string)"/>.
    /// </summary>
    /// <exception cref="RepresentationException">The template shows no question, or the prompt is another one's.</exception>
    public string UserPart(string prompt)
    {
        var begin = System + User;
        if (!HasTurns || prompt.Length < begin.Length + Assistant.Length
            || !prompt.StartsWith(begin, StringComparison.Ordinal) || !prompt.EndsWith(Assistant, StringComparison.Ordinal))
            throw new RepresentationException(
                $"Conversation template {Name}: expected a prompt with a question, found '{prompt[..Math.Min(60, prompt.Length)]}'; "
                + $"use a model with the template {V1.Name} or {Turns.Name}.");
        return prompt[begin.Length..^Assistant.Length];
    }

    /// <summary>A prompt's text with its answer, without the end token; of a prompt with an image, the text after its mark.</summary>
    public string WithAnswer(string text, string answer) => HasTurns ? $"{text} {answer}" : $"{text}{answer}\n";
}
