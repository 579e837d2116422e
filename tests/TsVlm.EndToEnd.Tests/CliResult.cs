namespace TsVlm.EndToEnd.Tests;

/// <summary>What a command answered.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error);
