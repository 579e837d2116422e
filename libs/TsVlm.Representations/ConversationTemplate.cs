namespace TsVlm.Representations;

/// <summary>How a question becomes a prompt, after LLaVA's conversation.py.</summary>
/// <param name="Name">What a model folder calls it.</param>
/// <param name="System">What stands before the first turn; empty for none.</param>
public sealed record ConversationTemplate(string Name, string System)
{
    /// <summary>LLaVA-1.5's template (vicuna_v1).</summary>
    public static ConversationTemplate V1 { get; } = new("v1",
        "A chat between a curious user and an artificial intelligence assistant. "
        + "The assistant gives helpful, detailed, and polite answers to the user's questions. ");

    /// <summary>The turns alone, as in Hugging Face's LLaVA examples; for models with a short context.</summary>
    public static ConversationTemplate Turns { get; } = new("turns", "");

    /// <summary>The prompt up to the assistant's turn; the answer follows after one space.</summary>
    public string Prompt(string question, bool hasImage) => $"{System}USER: {(hasImage ? "<image>\n" : "")}{question} ASSISTANT:";

    /// <summary>The template of that name.</summary>
    /// <exception cref="ArgumentException">No such template.</exception>
    public static ConversationTemplate Named(string name) => name switch
    {
        "v1" => V1,
        "turns" => Turns,
        _ => throw new ArgumentException($"Conversation template: expected v1 or turns, found '{name}'.", nameof(name)),
    };
}
