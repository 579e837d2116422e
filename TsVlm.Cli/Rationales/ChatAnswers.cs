using TsVlm.Artifacts;
using TsVlm.Contracts;

namespace TsVlm.Cli.Rationales;

/// <summary>An answer of a chat model, and what it took.</summary>
/// <param name="Text">What it said, as it said it.</param>
/// <param name="InputTokens">Tokens of the request; 0 where the service does not tell.</param>
/// <param name="OutputTokens">Tokens of the answer; 0 where the service does not tell.</param>
public sealed record ChatAnswer(string Text, long InputTokens, long OutputTokens);

/// <summary>
/// Answers on disk, a file each, named by the hash of model and request, so that nothing is asked twice. A file appears whole or not at
/// all.
/// </summary>
/// <param name="folder">Where they are.</param>
public sealed class ChatAnswers(string folder)
{
    /// <summary>The answer to a request; null where it was never asked.</summary>
    public ChatAnswer? Find(string model, string request) =>
        File.Exists(PathOf(model, request)) ? Json.Read<ChatAnswer>(PathOf(model, request)) : null;

    /// <summary>Keeps an answer.</summary>
    public void Keep(string model, string request, ChatAnswer answer)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(model, request);
        Json.Write(path + ".draft", answer);
        File.Move(path + ".draft", path, overwrite: true);
    }

    private string PathOf(string model, string request) => Path.Combine(folder, $"{ContentHash.Of(new { model, request })}.json");
}
