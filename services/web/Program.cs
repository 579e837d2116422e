using TsVlm.ServiceDefaults.Hosting;
using TsVlm.Web;
using TsVlm.Web.Access;

return await ServiceHost.Run(args, service => service.Builder.Services.AddPages(WebSettings.Read(service)), app => app.MapPages());
