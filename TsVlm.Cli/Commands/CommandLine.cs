using System.CommandLine;

namespace TsVlm.Cli;

/// <summary>The command as it would be typed again.</summary>
internal static class CommandLine
{
    public static string Quote(ParseResult parsed) =>
        string.Join(' ', parsed.Tokens.Select(token => token.Value).Select(t => t.Any(char.IsWhiteSpace) ? $"\"{t}\"" : t).Prepend("tsvlm"));
}
