namespace TsVlm.Cli.Hosting;

/// <summary>Finds out that a folder cannot be written before the work whose result is to go there.</summary>
internal static class WritableFolder
{
    /// <summary>Creates the folder where there is none, and writes and removes an empty file in it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="option">The option that names it, for the message.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Require(string path, string option)
    {
        try
        {
            Directory.CreateDirectory(path);
            var trial = Path.Combine(path, $".write-{Guid.NewGuid():N}");
            File.WriteAllBytes(trial, []);
            File.Delete(trial);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"{path}: expected a folder that can be written, found none: {error.Message} Name another one with {option}.", error);
        }
    }
}
