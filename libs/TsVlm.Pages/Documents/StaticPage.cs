using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace TsVlm.Pages.Documents;

/// <summary>Renders a component to a file: well-formed XML, equal text for equal data.</summary>
internal static class StaticPage
{
    /// <summary>Writes a component that waits for nothing.</summary>
    /// <param name="parameters">Its parameters by name.</param>
    /// <param name="output">Where the page goes; it is left open.</param>
    public static void Write<TComponent>(Dictionary<string, object?> parameters, TextWriter output) where TComponent : IComponent
    {
        using var services = new ServiceCollection().AddSingleton<HtmlEncoder>(XmlEncoder.Instance).BuildServiceProvider();
        using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        renderer.Dispatcher.InvokeAsync(() => renderer.BeginRenderingComponent<TComponent>(ParameterView.FromDictionary(parameters))
            .WriteHtmlTo(output)).GetAwaiter().GetResult();
    }
}
