namespace TsVlm.Pages;

/// <summary>What a page tells besides its metrics.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Command">The command line that makes it again.</param>
/// <param name="CodeVersion">Version and commit of the code.</param>
public sealed record ReportHeading(string Title, DateTimeOffset Created, string Command, string CodeVersion);
