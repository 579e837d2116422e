using System.CommandLine;

namespace TsVlm.Cli.Commands;

/// <summary>The command as it would be typed again.</summary>
internal static class CommandLine
{
    /// <param name="parsed">The command.</param>
    /// <param name="secret">An option whose value nobody else is to see.</param>
    public static string Quote(ParseResult parsed, Option<string?>? secret = null) =>
        string.Join(' ', parsed.Tokens.Select(token => secret is not null && token.Value == parsed.GetValue(secret) ? "***" : token.Value)
            .Select(t => t.Any(char.IsWhiteSpace) ? $"\"{t}\"" : t).Prepend("tsvlm"));
}
